// What the fake control plane measured: two hours of every metric, with a gap; of a site called Quiet nothing.

import { send } from './http.mjs';

const METRICS = {
  requests: ['Requests', 'count', 40],
  errors: ['Errors', 'count', 1],
  latency_p50: ['Response time, half of requests', 'ms', 60],
  latency_p95: ['Response time, 95 % of requests', 'ms', 240],
  latency_p99: ['Response time, 99 % of requests', 'ms', 900],
  cache_hit_ratio: ['Pages from the cache', 'ratio', 0.8],
  bandwidth: ['Data sent', 'bytes', 2_400_000],
  memory_bytes: ['Memory', 'bytes', 96_000_000],
  cron_lag: ['Cron delay, longest', 's', null],
};
const STEP = 300;
const POINTS = 24;

export function metrics({ request, response }, tenant) {
  const asked = new URL(request.url, 'http://fake').searchParams;
  const until = Math.floor(Date.now() / 1000 / STEP) * STEP;
  const since = until - POINTS * STEP;
  const items = Object.entries(METRICS).map(([metric, [label, unit, value]]) => {
    const known = tenant.name === 'Quiet' ? null : value;
    const drawn = (n) => (n === 7 ? null : wave(known, n, unit));
    const points = Array.from({ length: POINTS }, (_, n) => [since + n * STEP, drawn(n)]);
    return { metric, label, unit, overall: known, points };
  });
  const times = { since: asked.get('since') ?? iso(since), until: iso(until) };
  return send(response, 200, { environment: 'live', ...times, step_seconds: STEP, items });
}

const wave = (value, n, unit) => {
  if (value === null) return null;
  const drawn = value * (1 + 0.5 * Math.sin(n / 3));
  return unit === 'count' ? Math.round(drawn) : drawn;
};
const iso = (seconds) => new Date(seconds * 1000).toISOString();
