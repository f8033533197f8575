// @vitest-environment node
// The import check fails when somebody breaks the rule it guards.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'imports-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function check(file: string, text: string): number {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
  try {
    execFileSync(process.execPath, ['scripts/check-imports.mjs', root], { stdio: 'pipe' });
    return 0;
  } catch (error) {
    return (error as { status: number }).status;
  }
}

it.each([
  ['features/a/one.ts', "import { x } from '@/features/b/two';"],
  ['features/a/one.ts', "import type { X } from '../b/two';"],
  ['features/a/one.ts', "const x = () => import('@/routes/Page');"],
  ['ui/one.ts', "import { x } from '@/api/client';"],
  ['ui/one.ts', "export { x } from '../features/a/one';"],
  ['lib/one.ts', "import {\n  x,\n} from '@/ui/two';"],
  ['api/one.ts', "import '@/ui/theme.css';"],
])('%s may not: %s', (file, text) => {
  expect(check(file, text)).toBe(1);
});

it.each([
  ['features/a/one.ts', "import { x } from './two';\nimport { y } from '@/api/client';"],
  ['routes/one.ts', "import { x } from '@/features/a/two';"],
  ['ui/one.ts', "import { x } from '@/lib/two';\nimport React from 'react';"],
])('%s may: %s', (file, text) => {
  expect(check(file, text)).toBe(0);
});
