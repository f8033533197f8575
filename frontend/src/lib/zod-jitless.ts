// Zod compiles validators with `new Function`, which our content security policy refuses. This must be the first import
// of whatever loads the AI SDK, which brings Zod with it.

import { config } from 'zod/v4/core';

config({ jitless: true });
