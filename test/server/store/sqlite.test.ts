import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { sqliteStore } from '../../../server/store/sqlite.ts';
import { storeContract } from '../../contracts/store.ts';

const directory = mkdtempSync(join(tmpdir(), 'farside-'));
afterAll(() => rmSync(directory, { recursive: true }));
let count = 0;
const file = () => join(directory, `${(count += 1)}.db`);

storeContract('sqlite', async () => sqliteStore({ file: file(), synchronous: 'normal' }));
