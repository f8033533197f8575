// Small change of the fake platform: JSON in and out, refusals as problem details, who is signed in.

export async function readJson(request) {
  let text = '';
  for await (const piece of request) text += piece;
  return text ? JSON.parse(text) : {};
}

export function send(response, status, body, headers = {}) {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

export function refuse(response, status, code, title = 'Refused.') {
  const problem = { type: 'about:blank', title, status, detail: title, code, ref: 'e2e01234' };
  send(response, status, problem, { 'content-type': 'application/problem+json' });
}

export function sessionOf(request) {
  return /aipress_session=([^;]+)/.exec(request.headers.cookie ?? '')?.[1];
}

export function signedIn(world, request) {
  return world.sessions.has(sessionOf(request));
}
