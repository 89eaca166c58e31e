/** Everything that the library loads when it is first needed is there before a test begins: only the tests about loading wait for it. */
import { compactionCode, importCode, leaseCode, retentionCode, syncCode } from '../../client/on-demand.ts';

await Promise.all([compactionCode, importCode, leaseCode, retentionCode, syncCode].map((code) => code.load()));
