// What the fake control plane finds wrong with sites: a plugin of theirs breaks; with a site called Quiet nothing is.

import { send } from './http.mjs';

const minutesAgo = (minutes) => new Date(Date.now() - minutes * 60_000).toISOString();

export function diagnosis({ request, response }, tenant) {
  const asked = new URL(request.url, 'http://localhost').searchParams;
  const since = asked.get('since') ?? minutesAgo(60);
  const until = asked.get('until') ?? minutesAgo(0);
  const isQuiet = tenant.name === 'Quiet';
  const title = 'A plugin or theme breaks with a fatal error.';
  const summary = isQuiet
    ? { text: 'Nothing wrong was found: of 40 requests, 0 failed.', facts: ['traffic-1'] }
    : { text: title, facts: ['fatal-1'] };
  return send(response, 200, {
    tenant: tenant.slug,
    environment: '0123456789ab',
    kind: 'live',
    since,
    until,
    summary,
    findings: isQuiet ? [] : [broken(title)],
    facts: isQuiet ? [traffic(since, until, 0)] : [traffic(since, until, 12), change(), fatal()],
    unseen: isQuiet ? ['connections'] : [],
  });
}

function broken(title) {
  return {
    cause: 'plugin_fatal',
    title,
    confidence: 'certain',
    began_at: minutesAgo(30),
    claims: [
      { text: 'A fatal error in plugin:price-table ended 12 requests.', facts: ['fatal-1'] },
      { text: 'PHP says: “Uncaught Error: Call to undefined function prices_of()”.', facts: ['fatal-1'] },
      { text: 'Just before, this was changed: plugin activated price-table.', facts: ['change-1'] },
    ],
    proposal: {
      text: 'Switch it off in the site’s admin under Plugins.',
      action: 'OPEN_ADMIN',
      arguments: { tenant: 'sunrise-bakery' },
    },
  };
}

function traffic(since, until, failed) {
  const rows = { where: 'logs', query: { source: 'access', since, until } };
  return { id: 'traffic-1', kind: 'traffic', at: since, until, values: { requests: 40, failed }, rows };
}

function change() {
  const at = minutesAgo(31);
  const rows = { where: 'audit', query: { subject: 'ten_1' } };
  return {
    id: 'change-1',
    kind: 'change',
    at,
    until: at,
    values: { what: 'plugin activated', name: 'price-table' },
    rows,
  };
}

function fatal() {
  const at = minutesAgo(30);
  const values = { count: 12, component: 'plugin:price-table', file: '/wp-content/plugins/price-table/table.php' };
  const rows = { where: 'logs', query: { source: 'php', level: 'warning', since: at, until: minutesAgo(0) } };
  return { id: 'fatal-1', kind: 'fatal', at, until: minutesAgo(1), values, rows };
}
