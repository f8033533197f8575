// The fake's logs: lines of a site in a list, found, counted and followed like the control plane's, without its rules about who may.

import { setTimeout as pause } from 'node:timers/promises';
import { refuse, send } from './http.mjs';

const LEVELS = ['debug', 'info', 'warning', 'error', 'critical'];
const HOUR = 3_600_000;

/** `count` lines of a site, a second apart and the newest of now: visits, and now and then something that went wrong. */
export function write(world, slug, count) {
  const lines = linesOf(world, slug);
  const first = lines.length;
  for (let number = first; number < first + count; number += 1)
    lines.push(line(number, Date.now() - (first + count - number) * 1000));
}

/** Somebody looked at a page of it just now. */
export function visited(world, slug, path) {
  const lines = linesOf(world, slug);
  lines.push({ ...line(lines.length * 50 + 1, Date.now()), message: `GET ${path} 404` });
}

function line(number, at) {
  const isWrong = number % 50 === 0;
  return {
    id: String(number).padStart(16, '0'),
    time: new Date(at).toISOString(),
    environment: 'env-live',
    source: isWrong ? 'php' : 'access',
    level: isWrong ? 'error' : number % 17 === 0 ? 'warning' : 'info',
    message: isWrong ? `Uncaught TypeError in plugin-${number}.php on line 12` : `GET /page-${number}/ 200`,
    request_id: `req${Math.floor(number / 2)}`,
    fields: isWrong
      ? { kind: 'fatal', file: `plugin-${number}.php`, line: 12 }
      : { method: 'GET', path: `/page-${number}/`, status: 200, duration_ms: 41.5, cache: 'HIT', bytes: 5120 },
  };
}

export function logs(call, tenant, part) {
  const { world, request, response } = call;
  const asked = new URL(request.url, 'http://localhost').searchParams;
  if (world.brokenLogs) return refuse(response, 503, 'cloud_busy', 'The logs are being put in order.');
  if (part === 'stream') return follow(call, tenant, asked);
  const until = asked.get('until') ?? new Date().toISOString();
  const since =
    asked.get('since') ?? new Date(Date.parse(until) - (asked.get('request_id') ? 168 : 1) * HOUR).toISOString();
  const found = linesOf(world, tenant.slug).filter((one) => fits(one, asked) && one.time >= since && one.time <= until);
  return part === 'counts'
    ? send(response, 200, { since, until, step_seconds: 60, items: counted(found) })
    : send(response, 200, { ...page(found, asked), since, until });
}

function page(found, asked) {
  const limit = Number(asked.get('limit') ?? 100);
  const before = asked.get('cursor');
  const left = found.filter(({ id }) => !before || id < before).toReversed();
  return { items: left.slice(0, limit), next_cursor: left.length > limit ? left[limit - 1].id : null };
}

function counted(found) {
  const counts = new Map();
  for (const { time, level } of found) {
    const key = `${time.slice(0, 16)}:00.000Z ${level}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].map(([key, count]) => ({ time: key.split(' ')[0], level: key.split(' ')[1], count }));
}

async function follow({ world, request, response }, tenant, asked) {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  response.write(': welcome\n\n');
  let last = request.headers['last-event-id'] ?? linesOf(world, tenant.slug).at(-1)?.id ?? '';
  while (!response.destroyed && world.isTelling) {
    for (const one of linesOf(world, tenant.slug).filter(({ id }) => id > last)) {
      last = one.id;
      if (fits(one, asked)) response.write(`id: ${one.id}\nevent: line\ndata: ${JSON.stringify(one)}\n\n`);
    }
    await pause(25);
  }
  response.end();
}

function fits(one, asked) {
  const sources = asked.getAll('source');
  return (
    (sources.length === 0 || sources.includes(one.source)) &&
    LEVELS.indexOf(one.level) >= LEVELS.indexOf(asked.get('level') ?? 'debug') &&
    one.message.toLowerCase().includes((asked.get('q') ?? '').toLowerCase()) &&
    (!asked.get('request_id') || asked.get('request_id') === one.request_id)
  );
}

function linesOf(world, slug) {
  if (!world.lines.has(slug)) world.lines.set(slug, []);
  return world.lines.get(slug);
}
