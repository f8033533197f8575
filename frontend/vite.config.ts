// How the app is built: two HTML documents (the app, and sign-in on its own), hashed assets, a manifest for scripts/size.mjs.
// In development the API and the assistant are those of a running platform: AIPRESS_URL, by default http://localhost:8080.

import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { loginDocument, preloadFirstPage } from './scripts/vite-plugins.mjs';

const platform = process.env.AIPRESS_URL ?? 'http://localhost:8080';
const inRoot = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  plugins: [react(), tailwindcss(), loginDocument(), preloadFirstPage()],
  resolve: { alias: { '@': inRoot('./src') } },
  build: {
    target: 'baseline-widely-available',
    assetsInlineLimit: 0,
    sourcemap: true,
    manifest: true,
    rollupOptions: { input: { app: inRoot('./index.html'), login: inRoot('./login.html') } },
  },
  server: { proxy: { '/api': platform, '/chat': platform } },
});
