// What the fake assistant answers to a sentence: a list of chunks for its log, each with the pause before it.

const HELP = `I can **create**, **list**, **open** and **delete** sites. For example:

1. “Create a site called Sunrise Bakery”
2. “Delete the bakery”

Read more at https://wordpress.org/documentation/. ![a picture that must not load](https://example.invalid/pixel.png)

| You say | I do |
| --- | --- |
| create | a site in a moment |
| delete | a plan you confirm |`;

const RULES = [
  [/^create (?:a )?site (?:called|named|for) (.+)$/i, create],
  [/^rename (.+ to .+)$/i, rename],
  [/^delete (?:the )?(?:site )?(.+)$/i, remove],
  [/^(?:list|show)(?: me)? (?:all )?my sites/i, list],
  [/^show (.+)$/i, show],
  [/^(?:open )?admin of (.+)$/i, admin],
  [/^which/i, choose],
  [/^count to (\d+)/i, count],
  [/^crash/i, crash],
];

export function answer(world, text) {
  for (const [pattern, reply] of RULES) {
    const match = pattern.exec(text.trim());
    if (match) return reply(world, match[1]?.replace(/[.!]$/, ''));
  }
  return say(HELP);
}

function create(world, name) {
  const operation = world.createSite(name.replace(/^my /i, 'My '));
  return [...say(`Creating **${name}** now.`), part('operation', { operation_id: operation.id })];
}

function rename(world, wish) {
  const [old, name] = wish.split(' to ');
  const tenant = named(world, old);
  if (!tenant) return say(`There is no site called “${old}”.`);
  return [...say('Done.'), part('operation', { operation_id: world.renameSite(tenant, name).id })];
}

function remove(world, name) {
  const tenant = named(world, name);
  if (!tenant) return say(`There is no site called “${name}”.`);
  const plan = world.planDeletion(tenant);
  return [...say('This needs your confirmation.'), part('plan', { plan_id: plan.id })];
}

function list(world) {
  const title = `${world.tenants.length} sites`;
  const columns = ['Site', 'State'].map((header) => ({ header, align: 'left' }));
  const rows = world.tenants.map(({ name, slug }) => [{ label: name, path: `/sites/${slug}` }, 'Live']);
  const said = { title, window: 'now', as_of: new Date().toISOString(), source: 'control plane' };
  return [...say(`You have ${title}.`), part('table', { ...said, columns, rows })];
}

function show(world, name) {
  const tenant = named(world, name);
  return tenant ? [part('site', { tenant: tenant.slug })] : say(`There is no site called “${name}”.`);
}

function admin(world, name) {
  const tenant = named(world, name);
  return tenant ? [part('admin', { tenant: tenant.slug })] : say(`There is no site called “${name}”.`);
}

function choose(world) {
  const options = world.tenants.map(({ name }) => ({ label: name, text: `show ${name}` }));
  return [...say('Which one do you mean?'), part('choices', { options })];
}

function count(_world, most) {
  const words = Array.from({ length: Number(most) }, (_, place) => `word${place} `);
  return streamed(words, 6);
}

function crash() {
  return [
    ...say('Let me see'),
    { pause: 20, chunk: { type: 'error', errorText: '{"code":"run_failed","ref":"e2e01234"}' } },
  ];
}

function named(world, name) {
  const wanted = name.toLowerCase();
  return world.tenants.find((one) => world.find(one.id) && `${one.name} ${one.slug}`.toLowerCase().includes(wanted));
}

const part = (name, data) => ({ pause: 10, chunk: { type: `data-${name}`, id: name, data } });

function say(text) {
  return streamed(text.match(/[\s\S]{1,12}/g), 8);
}

function streamed(deltas, pause) {
  const id = 't1';
  return [
    { pause: 60, chunk: { type: 'text-start', id } },
    ...deltas.map((delta) => ({ pause, chunk: { type: 'text-delta', id, delta } })),
    { pause: 0, chunk: { type: 'text-end', id } },
  ];
}
