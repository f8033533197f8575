// Runs the fake platform by itself (`node e2e/fake/dev.mjs [port]`), to look at the app in a browser.

import { startFake } from './server.mjs';

const fake = await startFake({ port: Number(process.argv[2] ?? 8099), pace: 1 });
console.log(`AIPRESS_URL=${fake.url}\nAIPRESS_LINK=${fake.link}`);
