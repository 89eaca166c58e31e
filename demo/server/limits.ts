import { costLimitPlugin } from '@escape.tech/graphql-armor-cost-limit';
import { maxAliasesPlugin } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthPlugin } from '@escape.tech/graphql-armor-max-depth';
import { maxTokensPlugin } from '@escape.tech/graphql-armor-max-tokens';

/** Bodies above this are refused before they are read. A batch of 100 long notes fits. */
export const MAX_BODY_BYTES = 1_000_000;

/**
 * What one request may ask for. Two yardsticks: a batch of 100 mutations in one document, each with the conflict's selection
 * set (about 150 tokens each), and the app's one query, whose three lists of up to 500 rows count as 61 000.
 */
const MAX_TOKENS = 30_000;
const MAX_ALIASES = 500;
const MAX_DEPTH = 12;
const MAX_COST = 100_000;

export const limitPlugins = () => [
  maxTokensPlugin({ n: MAX_TOKENS }),
  maxAliasesPlugin({ n: MAX_ALIASES }),
  maxDepthPlugin({ n: MAX_DEPTH, flattenFragments: true }),
  costLimitPlugin({ maxCost: MAX_COST, objectCost: 2, scalarCost: 1, depthCostFactor: 1.5, flattenFragments: true }),
];
