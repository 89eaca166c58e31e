import { findChromium } from './chromium.ts';

await findChromium();
