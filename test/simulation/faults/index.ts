import { badGateway } from './bad-gateway.ts';
import { captivePortal } from './captive-portal.ts';
import { delay } from './delay.ts';
import { dropRequest } from './drop-request.ts';
import { dropResponse } from './drop-response.ts';
import { duplicate } from './duplicate.ts';
import type { Fault } from './fault.ts';
import { offline } from './offline.ts';
import { oneWay } from './one-way.ts';
import { rateLimited } from './rate-limited.ts';
import { tabClosed } from './tab-closed.ts';
import { tabCrashed } from './tab-crashed.ts';
import { truncated } from './truncated.ts';

/** Everything that goes wrong. A new fault is one file here, and its line. */
export const FAULTS: readonly Fault[] = [
  dropRequest,
  dropResponse,
  delay,
  duplicate,
  truncated,
  badGateway,
  rateLimited,
  captivePortal,
  offline,
  oneWay,
  tabCrashed,
  tabClosed,
];
