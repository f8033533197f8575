// Who may import whom in src/: routes -> features -> ui | api | lib, and a feature never imports another feature.
// Exits 1 with one line per violation. Takes another root as an argument, so that a test can show it failing.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const ROOT = resolve(process.argv[2] ?? new URL('../src', import.meta.url).pathname);
const MAY_IMPORT = {
  routes: ['routes', 'features', 'ui', 'api', 'lib'],
  features: ['ui', 'api', 'lib'],
  ui: ['ui', 'lib'],
  api: ['api', 'lib'],
  lib: ['lib'],
};
const IMPORT = /(?:import|export)\s[^'"]*?from\s*['"]([^'"]+)['"]|import\s*\(?\s*['"]([^'"]+)['"]/g;

function sources() {
  return readdirSync(ROOT, { recursive: true }).filter((file) => /\.(ts|tsx)$/.test(file) && !file.endsWith('.d.ts'));
}

function importsOf(file) {
  const text = readFileSync(join(ROOT, file), 'utf8');
  return [...text.matchAll(IMPORT)].map((match) => match[1] ?? match[2]);
}

/** Path inside src an import points at, or null for a package. */
function target(file, specifier) {
  if (specifier.startsWith('@/')) return specifier.slice(2);
  if (specifier.startsWith('.')) return relative(ROOT, resolve(ROOT, dirname(file), specifier));
  return null;
}

function complaint(file, path) {
  const [layer, feature] = file.split('/');
  const [otherLayer, otherFeature] = path.split('/');
  if (!(layer in MAY_IMPORT)) return null;
  if (layer === 'features' && otherLayer === 'features') {
    return feature === otherFeature ? null : `${file}: a feature imports another feature (${path})`;
  }
  return MAY_IMPORT[layer].includes(otherLayer) ? null : `${file}: ${layer} may not import ${otherLayer} (${path})`;
}

const files = sources();
const complaints = files.flatMap((file) =>
  importsOf(file)
    .map((specifier) => target(file, specifier))
    .filter((path) => path !== null)
    .map((path) => complaint(file, path))
    .filter(Boolean),
);
for (const line of complaints) console.error(line);
console.log(`imports: ${files.length} files, ${complaints.length} violations`);
process.exitCode = complaints.length ? 1 : 0;
