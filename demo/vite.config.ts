import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';

/** Paths that are the server's business: never answered from a cache, and passed on by the development server. */
const SERVER_PATHS = ['/graphql', '/auth', '/healthz', '/readyz'];

export default defineConfig({
  root: new URL('app', import.meta.url).pathname,
  resolve: { tsconfigPaths: true },
  build: { outDir: new URL('dist', import.meta.url).pathname, emptyOutDir: true, chunkSizeWarningLimit: 1000 },
  server: { proxy: Object.fromEntries(SERVER_PATHS.map((path) => [path, `http://localhost:${process.env.PORT ?? 4000}`])) },
  plugins: [
    react(),
    VitePWA({
      // A new version takes over at the next start; an open page is never reloaded under somebody's hands.
      registerType: 'autoUpdate',
      injectRegister: 'script-defer',
      strategies: 'injectManifest',
      srcDir: '.',
      filename: 'service-worker.ts',
      injectManifest: { globPatterns: ['**/*.{html,js,css,svg,png,webmanifest}'] },
      manifest: {
        name: 'Farside Inspections',
        short_name: 'Inspections',
        description: 'Field inspections that keep working without a signal.',
        theme_color: '#f6f4ef',
        background_color: '#f6f4ef',
        display: 'standalone',
        start_url: '/',
        icons: [
          { src: '/icon.svg', sizes: 'any', type: 'image/svg+xml' },
          { src: '/icon-192.png', sizes: '192x192', type: 'image/png' },
          { src: '/icon-512.png', sizes: '512x512', type: 'image/png' },
          { src: '/icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
        ],
      },
    }),
  ],
});
