// What the fake platform's admin pages are about: people, the verdict on the log, secrets, how everything is. Tests change it as they please.

import { randomUUID } from 'node:crypto';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** The things of the admin pages, changed by tests as they please. */
export class Office {
  people = [];
  secrets = [];
  verdict = { intact: true, entries: 0, wrong: '' };
  checks = { database: 'ok', vault: 'ok', databases: 'ok', caches: 'ok', runtime: 'ok', stranded: 'ok', lost: 'ok' };
  runtime = {
    isolated: true,
    sandbox: 'bubblewrap',
    limits: 'cgroup',
    outbound: 'none',
    awake: 1,
    asleep: 2,
    memory_kb: 9,
    clouds: [
      {
        name: 'local',
        isolated: true,
        sandbox: 'bubblewrap',
        limits: 'cgroup',
        outbound: 'none',
        awake: 1,
        asleep: 2,
        memory_kb: 9,
      },
    ],
    silent: [],
  };
  failures = [];
  stuck = [];
  stranded = [];
  lost = [];

  addPerson(email, more = {}) {
    const person = {
      id: `usr_${randomUUID()}`,
      email,
      name: email.split('@')[0],
      role: 'tenant',
      state: 'active',
      created_at: new Date(Date.now() - DAY_MS).toISOString(),
      last_seen_at: null,
      sites: 0,
      tenants: [],
      sessions: 0,
      version: 1,
      ...more,
    };
    this.people.unshift(person);
    return person;
  }

  overview() {
    const hours = Array.from({ length: 24 }, (_, place) => {
      const hour = new Date(Math.floor(Date.now() / HOUR_MS) * HOUR_MS - (23 - place) * HOUR_MS).toISOString();
      return { hour, count: this.failures[place] ?? 0 };
    });
    return {
      sites: { live: 3, provisioning: 1, failed: 0, removing: 0 },
      users: { active: this.people.length, suspended: 0 },
      operations: { running: 1, stuck: this.stuck, failures: hours },
      plans_waiting: 2,
      stranded: this.stranded,
      lost: this.lost,
      runtime: this.runtime,
    };
  }
}
