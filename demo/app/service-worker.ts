/// <reference lib="webworker" />
import { type BackgroundSyncEvent, handleBackgroundSync } from 'farside/worker';
import { cleanupOutdatedCaches, createHandlerBoundToURL, type PrecacheEntry, precacheAndRoute } from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';
import { manifest } from '../generated/offline.ts';

declare const self: ServiceWorkerGlobalScope & { readonly __WB_MANIFEST: readonly (PrecacheEntry | string)[] };

// The app itself, so that it opens without a network. A new version takes over at the next start; an open page is never reloaded.
precacheAndRoute([...self.__WB_MANIFEST]);
cleanupOutdatedCaches();
registerRoute(new NavigationRoute(createHandlerBoundToURL('/index.html'), { denylist: [/^\/(graphql|auth|healthz|readyz)(\/|\?|$)/] }));
self.addEventListener('install', () => void self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

// With no tab open: what was changed here and not sent and, now and then, what others have changed. The session is a cookie; the header lets the server refuse another one's.
const workAlone = (event: Event): void =>
  void handleBackgroundSync(event as Event & BackgroundSyncEvent, {
    manifest,
    headers: ({ owner }): HeadersInit => (owner === null ? {} : { 'x-farside-user': owner }),
  });
self.addEventListener('sync', workAlone);
self.addEventListener('periodicsync', workAlone);
