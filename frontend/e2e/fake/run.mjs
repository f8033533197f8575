// Runs a story against the fake platform: `npm run e2e:fake`, `npm run e2e:fake logs`. What needs a real WordPress is skipped and counted.

import { spawn } from 'node:child_process';
import { write } from './lines.mjs';
import { startFake } from './server.mjs';

const fake = await startFake({ pace: 0.8 });
const [story = 'first-page'] = process.argv.slice(2);
if (story === 'logs') {
  fake.world.pace = 0;
  fake.world.createSite('Blog');
  write(fake.world, 'blog', 20_000);
}
const test = new URL(`../${story}.mjs`, import.meta.url).pathname;
const env = { ...process.env, SITE: 'blog', AIPRESS_URL: fake.url, AIPRESS_LINK: fake.link, AIPRESS_NO_WORDPRESS: '1' };
const child = spawn(process.execPath, [test], { stdio: 'inherit', env });
child.on('exit', async (code) => {
  await fake.close();
  process.exitCode = code ?? 1;
});
