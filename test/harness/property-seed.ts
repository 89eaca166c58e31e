/**
 * Property tests draw the same examples on every machine: a red run means that the code changed, not the luck.
 * `PROPERTY_SEED=7 npm test` draws others; what is found that way becomes an example of its own.
 */
import fc from 'fast-check';

const given = process.env.PROPERTY_SEED ?? '1';
const seed = Number(given);
if (!Number.isInteger(seed)) throw new Error(`PROPERTY_SEED: expected a whole number, got ${given}`);
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed });
