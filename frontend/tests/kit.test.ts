// @vitest-environment node
// The design system is built, played in a browser, and not in what people get.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const ARTIFACTS = new URL('../../artifacts/kit', import.meta.url).pathname;
const ONLY_IN_THE_KIT = 'Every component, in each of its states.';

function run(command: string, ...told: string[]): string {
  try {
    return execFileSync(command, told, { encoding: 'utf8', env: { ...process.env, ARTIFACTS } });
  } catch (failure) {
    throw new Error(`${command} ${told.join(' ')} failed:\n${(failure as { stdout?: string }).stdout}`);
  }
}

function textOf(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(js|html)$/.test(file))
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n');
}

it('every component holds in a browser, under the real policy', { timeout: 180_000 }, () => {
  run('npm', 'run', '--silent', 'build:kit');
  rmSync(ARTIFACTS, { recursive: true, force: true });
  const said = run(process.execPath, 'e2e/kit.mjs');
  const [, passed] = said.match(/^(\d+) passed, 0 failed$/m) ?? [];
  expect(Number(passed)).toBeGreaterThanOrEqual(15);
  expect(textOf(new URL('../../artifacts/kit-build', import.meta.url).pathname)).toContain(ONLY_IN_THE_KIT);
});

it('a build for production has no trace of the kit', { timeout: 120_000 }, () => {
  const built = mkdtempSync(join(tmpdir(), 'production-'));
  try {
    run('npx', 'vite', 'build', '--logLevel', 'error', '--outDir', built, '--emptyOutDir');
    const text = textOf(built);
    expect(text).toContain('What should we build?');
    expect(text).not.toContain(ONLY_IN_THE_KIT);
  } finally {
    rmSync(built, { recursive: true });
  }
});
