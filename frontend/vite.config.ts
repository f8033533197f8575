// How the app is built: three HTML documents (the app; sign-in and a shared conversation, each on its own), hashed assets, a manifest for scripts/size.mjs. `--mode apidocs`
// builds the API's pages beside it, `--mode kit` the design system.
// In development the API and the assistant are those of a running platform: AIPRESS_URL, by default http://localhost:8080.

import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { ownDocuments, preloadFirstPage } from './scripts/vite-plugins.mjs';

const platform = process.env.AIPRESS_URL ?? 'http://localhost:8080';
const inRoot = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The documents of a build. The kit is for development and tests: what people get has no trace of it. */
const DOCUMENTS: Record<string, string[]> = { kit: ['kit'], apidocs: ['apidocs'] };

export default defineConfig(({ mode }) => ({
  plugins: [react(), tailwindcss(), ownDocuments(), preloadFirstPage()],
  resolve: { alias: { '@': inRoot('./src') } },
  build: {
    target: 'baseline-widely-available',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false }, // every browser of the target has it
    sourcemap: true,
    manifest: !(mode in DOCUMENTS),
    rollupOptions: { input: (DOCUMENTS[mode] ?? ['index', 'login', 'shared']).map((name) => inRoot(`./${name}.html`)) },
  },
  server: { proxy: { '/api': platform, '/chat': platform } },
}));
