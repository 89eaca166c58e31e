import { afterAll, inject } from 'vitest';
import { storeContract } from '../../contracts/store.ts';
import { createSchemas } from '../postgres.ts';

const schemas = createSchemas(inject('postgresUrl') ?? '');
afterAll(() => schemas.remove());

storeContract('postgres', async () => schemas.store(), { concurrent: true, runs: 40 });
