// How tests run: the app's own build settings, a browser-like document, and the fake platform of e2e/fake over real HTTP.

import { defineConfig, mergeConfig } from 'vitest/config';
import app from './vite.config.ts';

export default mergeConfig(
  app({ mode: 'test', command: 'serve' }),
  defineConfig({
    test: {
      environment: 'happy-dom',
      include: ['tests/**/*.test.{ts,tsx}'],
      setupFiles: ['./tests/setup.ts'],
      testTimeout: 60_000,
      hookTimeout: 30_000,
      expect: { poll: { timeout: 15_000 } },
    },
  }),
);
