import { memoryStore } from '../../../server/store/memory.ts';
import { storeContract } from '../../contracts/store.ts';

storeContract('memory', async () => memoryStore());
