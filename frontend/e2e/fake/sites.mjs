// What stands in for a site: a page with its name, and a dashboard behind a single-use link. It is no WordPress and does not pretend
// to be: publishing and uploading are skipped, and counted, when the browser test runs against it.

import { visited } from './lines.mjs';

export function serveSite(world, slug, request, response) {
  const tenant = world.find(slug);
  if (!tenant || world.stateOf(tenant) !== 'live') return page(response, 404, 'No such site');
  const url = new URL(request.url, 'http://localhost');
  visited(world, slug, url.pathname);
  const token = url.searchParams.get('aipress_login');
  if (token) return enter(world, token, response);
  if (!url.pathname.startsWith('/wp-admin')) return page(response, 200, tenant.name);
  const isSignedIn = request.headers.cookie?.includes('fake_wordpress=yes');
  return isSignedIn
    ? page(response, 200, `Dashboard ‹ ${tenant.name} — WordPress`, '<div id="wpadminbar"></div>')
    : page(response, 403, 'No');
}

function enter(world, token, response) {
  if (!world.adminLinks.delete(token)) return page(response, 403, 'This link was used');
  response.writeHead(302, { location: '/wp-admin/', 'set-cookie': 'fake_wordpress=yes; HttpOnly; Path=/' }).end();
}

function page(response, status, title, more = '') {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' });
  response.end(`<!doctype html><html lang="en"><title>${title}</title><h1>${title}</h1>${more}</html>`);
}
