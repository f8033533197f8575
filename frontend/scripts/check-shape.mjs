// The shape of every source file: it opens by saying what it is, and stays short (250 lines with markup, 300 without).
// Exits 1 with one line per violation.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = new URL('..', import.meta.url).pathname;
const FOLDERS = ['src', 'tests', 'scripts', 'e2e'];
const LIMIT = { tsx: 250, ts: 300, mjs: 300, css: 300 };
const OPENING = /^(\/\/|\/\*)/;

function complaintsAbout(file) {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const limit = LIMIT[file.split('.').pop()];
  const lines = text.trimEnd().split('\n').length;
  return [
    !OPENING.test(text) && `${file}: opens without saying what it is`,
    lines > limit && `${file}: ${lines} lines, at most ${limit}`,
  ].filter(Boolean);
}

const files = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true })
    .filter((file) => /\.(tsx?|mjs|css)$/.test(file) && file !== 'api/api.d.ts')
    .map((file) => `${folder}/${file}`),
);
const complaints = files.flatMap(complaintsAbout);
for (const line of complaints) console.error(line);
console.log(`shape: ${files.length} files, ${complaints.length} violations`);
process.exitCode = complaints.length ? 1 : 0;
