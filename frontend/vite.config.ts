// How the app is built: two HTML documents (the app, and sign-in on its own; `--mode kit` builds only the design system), hashed assets, a manifest for scripts/size.mjs.
// In development the API and the assistant are those of a running platform: AIPRESS_URL, by default http://localhost:8080.

import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { ownDocuments, preloadFirstPage } from './scripts/vite-plugins.mjs';

const platform = process.env.AIPRESS_URL ?? 'http://localhost:8080';
const inRoot = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The kit is for development and tests: a build for production has no trace of it. */
function documents(mode: string): string[] {
  return mode === 'kit' ? ['kit'] : ['index', 'login'];
}

export default defineConfig(({ mode }) => ({
  plugins: [react(), tailwindcss(), ownDocuments(), preloadFirstPage()],
  resolve: { alias: { '@': inRoot('./src') } },
  build: {
    target: 'baseline-widely-available',
    assetsInlineLimit: 0,
    sourcemap: true,
    manifest: true,
    rollupOptions: { input: documents(mode).map((name) => inRoot(`./${name}.html`)) },
  },
  server: { proxy: { '/api': platform, '/chat': platform } },
}));
