// A site's own domains as the fake control plane has them: one is proved and connected when it is looked at for the second time.

import { readJson, refuse, send } from './http.mjs';

export function domains(call, tenant, name, deed) {
  const { world, request, response } = call;
  if (!world.domains.has(tenant.id)) world.domains.set(tenant.id, new Map());
  const kept = world.domains.get(tenant.id);
  if (name) return one(call, tenant, { kept, name, deed });
  if (request.method === 'POST') return add(call, kept);
  return send(response, 200, { items: [...kept.values()], next_cursor: null });
}

async function add({ request, response }, kept) {
  const { domain } = await readJson(request);
  if (domain.includes('*')) return refuse(response, 422, 'invalid', 'A star stands for many names.');
  kept.set(domain, waiting(domain));
  return send(response, 201, kept.get(domain));
}

function one({ world, request, response }, tenant, { kept, name, deed }) {
  const found = kept.get(name);
  if (!found) return refuse(response, 404, 'not_found');
  if (deed === 'verification') {
    kept.set(name, found.checked_at ? connected(found) : { ...found, checked_at: now() });
    return response.writeHead(204).end();
  }
  if (request.method !== 'DELETE') return send(response, 200, found);
  kept.delete(name);
  return send(response, 200, world.showOperation(world.begin('remove_domain', tenant)));
}

const now = () => new Date().toISOString();

function waiting(domain) {
  const record = { state: 'missing', found: [] };
  return {
    domain,
    unicode: domain,
    state: 'waiting',
    why: 'Set the TXT record at whoever keeps this domain’s DNS; it is looked for again by itself.',
    records: [
      {
        ...record,
        purpose: 'proof',
        name: `_aipress.${domain}`,
        kind: 'TXT',
        value: 'aipress-site=4711',
        why: 'None.',
      },
      { ...record, purpose: 'address', name: domain, kind: 'A', value: '203.0.113.7', why: 'None.' },
    ],
    certificate: 'none',
    certificate_ends: null,
    added_at: now(),
    proved_at: null,
    checked_at: null,
    next_check_at: new Date(Date.now() + 60_000).toISOString(),
  };
}

function connected(domain) {
  const records = domain.records.map((one) => ({ ...one, state: 'right', found: [one.value], why: '' }));
  return { ...domain, records, state: 'connected', why: '', proved_at: now(), checked_at: now() };
}
