// Runs the browser test against the fake platform: `npm run e2e:fake`. What needs a real WordPress is skipped and counted.

import { spawn } from 'node:child_process';
import { startFake } from './server.mjs';

const fake = await startFake({ pace: 0.8 });
const test = new URL('../first-page.mjs', import.meta.url).pathname;
const env = { ...process.env, AIPRESS_URL: fake.url, AIPRESS_LINK: fake.link, AIPRESS_NO_WORDPRESS: '1' };
const child = spawn(process.execPath, [test], { stdio: 'inherit', env });
child.on('exit', async (code) => {
  await fake.close();
  process.exitCode = code ?? 1;
});
