// How much must arrive before the chat is usable, measured from Vite's manifest: prints one JSON object (`--quiet`: only what is over
// budget), exits 1 over budget. Every build runs it.

import { readFileSync } from 'node:fs';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const DIST = new URL('../dist/', import.meta.url);
const BUDGET_GZ = {
  first_page: 175_000,
  entry: 115_000,
  login: 115_000,
  css: 12_000,
  font: 50_000,
  markdown: 60_000,
  chart: 25_000,
  palette: 90_000,
  page: 20_000,
};

const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', DIST), 'utf8'));

/** Every chunk a module needs before it can run: itself and its static imports, found once each. */
function needed(key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const next of manifest[key].imports ?? []) needed(next, seen);
  return seen;
}

function weigh(files) {
  const bytes = [...files].map((file) => readFileSync(new URL(file, DIST)));
  const sum = (measure) => bytes.reduce((total, one) => total + measure(one), 0);
  return {
    raw: sum((b) => b.length),
    gz: sum((b) => gzipSync(b, { level: 9 }).length),
    br: sum((b) => brotliCompressSync(b).length),
  };
}

/** What a module needs; nothing while no page uses it. */
const scripts = (...keys) =>
  new Set(keys.filter(Boolean).flatMap((key) => [...needed(key)].map((one) => manifest[one].file)));
const only = (files, without) => new Set([...files].filter((file) => !without.has(file)));
const keyOf = (ending) => Object.keys(manifest).find((key) => key.endsWith(ending));
const assets = (ending) =>
  Object.values(manifest)
    .flatMap((one) => [one.file, ...(one.css ?? []), ...(one.assets ?? [])])
    .filter((file) => file.endsWith(ending));

/** The largest page's own code, without what it shares. */
function heaviest(keys) {
  return keys.map((key) => weigh([manifest[key].file])).reduce((a, b) => (a.gz > b.gz ? a : b));
}

const PAGE = /^src\/routes\/(sites|admin)\//;
const entry = scripts('index.html');
const firstPage = scripts('index.html', keyOf('routes/ChatRoute.tsx'));
const sizes = {
  first_page: weigh(firstPage),
  entry: weigh(entry),
  login: weigh(scripts('login.html')),
  markdown: weigh(only(scripts(keyOf('Markdown.tsx')), firstPage)),
  chart: weigh(only(scripts(keyOf('ui/Plot.tsx')), firstPage)),
  palette: weigh(only(scripts(keyOf('palette/Palette.tsx')), firstPage)),
  page: heaviest(Object.keys(manifest).filter((key) => PAGE.test(key))),
  css: weigh(new Set(assets('.css'))),
  font: weigh(new Set(assets('.woff2'))),
};
const over = Object.entries(BUDGET_GZ)
  .filter(([name, limit]) => sizes[name].gz > limit)
  .map(([name]) => name);
const isQuiet = process.argv.includes('--quiet');
if (!isQuiet) console.log(JSON.stringify({ ...sizes, budget_gz: BUDGET_GZ, over }, null, 2));
for (const name of isQuiet ? over : [])
  console.error(`${name}: ${sizes[name].gz} bytes (gzip), at most ${BUDGET_GZ[name]}`);
process.exitCode = over.length ? 1 : 0;
