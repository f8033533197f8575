// After the build: a .br and a .gz beside every text file of dist, so that nginx never compresses while someone waits.

import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const DIST = new URL('../dist/', import.meta.url).pathname;
const TEXT = /\.(html|js|css|svg|json|txt)$/;
const WORTH_IT = 512;

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

async function textFiles() {
  const entries = await readdir(DIST, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && TEXT.test(entry.name) && !entry.parentPath.includes('.vite'))
    .map((entry) => join(entry.parentPath, entry.name));
}

async function compress(file) {
  const plain = await readFile(file);
  if (plain.length < WORTH_IT) return 0;
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length };
  await writeFile(`${file}.br`, await brotli(plain, { params }));
  await writeFile(`${file}.gz`, await zip(plain, { level: 9 }));
  return 1;
}

const done = await Promise.all((await textFiles()).map(compress));
console.log(`compressed ${done.reduce((sum, one) => sum + one, 0)} files (.br and .gz)`);
