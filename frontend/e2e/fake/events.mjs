// The fake's one stream of events: what changed since the last look, numbered, with replay for who comes back.

import { setTimeout as pause } from 'node:timers/promises';

const EPOCH = 'fa4e00000000';

export async function events({ world, request, response }) {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  response.write(': welcome\n\n');
  lookAround(world);
  let told = placeOf(world, request.headers['last-event-id']);
  while (!response.destroyed && world.isTelling) {
    lookAround(world);
    for (const { number, kind, ...data } of world.happenings.slice(told)) {
      response.write(`id: ${EPOCH}-${number}\nevent: ${kind}\ndata: ${JSON.stringify(data)}\n\n`);
    }
    told = world.happenings.length;
    await pause(25);
  }
  response.end();
}

function placeOf(world, last) {
  return last ? Number(last.split('-')[1]) : world.happenings.length;
}

/** Notes each thing whose state or name is another than when it was last looked at. */
function lookAround(world) {
  for (const one of world.operations.values()) {
    note(world, { kind: 'operation', id: one.id, tenant_id: one.tenant.id, state: world.showOperation(one).state });
  }
  for (const one of world.tenants) {
    note(world, { kind: 'tenant', id: one.id, tenant_id: one.id, state: world.stateOf(one) }, one.name);
  }
  for (const one of world.plans.values()) {
    note(world, { kind: 'plan', id: one.id, tenant_id: one.tenant?.id ?? null, state: one.state });
  }
}

function note(world, happening, name = '') {
  const seen = `${happening.state} ${name}`;
  if (world.seen.get(happening.id) === seen) return;
  world.seen.set(happening.id, seen);
  world.happenings.push({ number: world.happenings.length + 1, ...happening });
}
