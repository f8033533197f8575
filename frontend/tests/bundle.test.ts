// What the build makes of the three documents: only sign-in's can load Firebase, and only once somebody asks for it.

import { build, type Rolldown } from 'vite';
import { beforeAll, expect, it } from 'vitest';

type Chunk = Rolldown.OutputChunk;
let chunks: Map<string, Chunk>;

beforeAll(async () => {
  const built = (await build({
    logLevel: 'error',
    build: { write: false, sourcemap: false },
  })) as Rolldown.RolldownOutput;
  chunks = new Map(built.output.filter((one) => one.type === 'chunk').map((one) => [one.fileName, one]));
}, 120_000);

const isOfFirebase = (chunk: Chunk) => chunk.moduleIds.some((id) => id.includes('/@firebase/'));

/** Every chunk a document may ever load; without `lazy`, those it loads by itself. */
function reachable(entry: string, lazy: boolean): Chunk[] {
  const found = new Set<string>();
  const entries = [...chunks.values()].filter((one) => one.facadeModuleId?.endsWith(`/${entry}.html`));
  const wanted = entries.map((one) => one.fileName);
  for (let name = wanted.pop(); name; name = wanted.pop()) {
    const chunk = chunks.get(name);
    if (!chunk || found.has(name)) continue;
    found.add(name);
    wanted.push(...chunk.imports, ...(lazy ? chunk.dynamicImports : []));
  }
  return [...found].map((name) => chunks.get(name) as Chunk);
}

it('keeps Firebase out of everything the app can load', () => {
  expect(reachable('index', true).length).toBeGreaterThan(5);
  expect(reachable('index', true).filter(isOfFirebase)).toEqual([]);
});

it('keeps Firebase out of a shared conversation', () => {
  expect(reachable('shared', true).filter(isOfFirebase)).toEqual([]);
});

it('loads Firebase in the sign-in document, and not before it is asked for', () => {
  expect(reachable('login', false).filter(isOfFirebase)).toEqual([]);
  expect(reachable('login', true).filter(isOfFirebase).length).toBeGreaterThan(0);
});

it.each(['login', 'shared'])('loads nothing of the app in the document of %s', (document) => {
  expect(reachable(document, true).length).toBeGreaterThan(1);
  const modules = reachable(document, true).flatMap((chunk) => chunk.moduleIds);
  expect(modules.filter((id) => /src\/routes\/|@tanstack\/|\/ai\/dist/.test(id))).toEqual([]);
});
