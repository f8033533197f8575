// Serves the built app as nginx will: three documents, hashed assets precompressed, one strict content security policy.

import { existsSync, readFileSync } from 'node:fs';
import { extname, join, normalize } from 'node:path';

const DIST = new URL('../../dist/', import.meta.url).pathname;
const OWN_DOCUMENTS = ['/login', '/kit'];
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};
export const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

export function serveApp(request, response, pathname, dist = DIST) {
  const file = fileFor(pathname, dist);
  if (!file) return response.writeHead(404).end();
  const packed = `${file}.br`;
  const isPacked = /\bbr\b/.test(request.headers['accept-encoding'] ?? '') && existsSync(packed);
  response.writeHead(200, {
    'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
    'content-security-policy': POLICY,
    'cache-control': pathname.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    ...(isPacked && { 'content-encoding': 'br' }),
  });
  response.end(readFileSync(isPacked ? packed : file));
}

/** An asset, or the document that owns the address. */
function fileFor(pathname, dist) {
  if (OWN_DOCUMENTS.includes(pathname)) return join(dist, `${pathname}.html`);
  if (pathname.startsWith('/shared/')) return join(dist, 'shared.html');
  if (extname(pathname) === '') return join(dist, 'index.html');
  const asset = join(dist, normalize(pathname));
  return existsSync(asset) ? asset : null;
}
