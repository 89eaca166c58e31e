import { accessChanges } from './access-changes.ts';
import { asleep } from './asleep.ts';
import { backupRestored } from './backup-restored.ts';
import { badGateway } from './bad-gateway.ts';
import { cacheCleared } from './cache-cleared.ts';
import { captivePortal } from './captive-portal.ts';
import { clockJump } from './clock-jump.ts';
import { crashAfterWrite } from './crash-after-write.ts';
import { crashBeforeWrite } from './crash-before-write.ts';
import { delay } from './delay.ts';
import { diskFull } from './disk-full.ts';
import { diskRolledBack } from './disk-rolled-back.ts';
import { dropRequest } from './drop-request.ts';
import { dropResponse } from './drop-response.ts';
import { duplicate } from './duplicate.ts';
import { errorsInAnswer } from './errors-in-answer.ts';
import type { Fault } from './fault.ts';
import { killedAfterCommit } from './killed-after-commit.ts';
import { killedBeforeCommit } from './killed-before-commit.ts';
import { messageLost } from './message-lost.ts';
import { offline } from './offline.ts';
import { oneWay } from './one-way.ts';
import { privateMode } from './private-mode.ts';
import { rateLimited } from './rate-limited.ts';
import { rollingDeploy } from './rolling-deploy.ts';
import { serializationFailure } from './serialization-failure.ts';
import { serverClockJump } from './server-clock-jump.ts';
import { serverRestart } from './server-restart.ts';
import { sessionExpires } from './session-expires.ts';
import { staleAnswer } from './stale-answer.ts';
import { storageCloned } from './storage-cloned.ts';
import { tabClosed } from './tab-closed.ts';
import { tabCrashed } from './tab-crashed.ts';
import { tabFrozen } from './tab-frozen.ts';
import { tombstonesCollected } from './tombstones-collected.ts';
import { truncated } from './truncated.ts';
import { writeFails } from './write-fails.ts';
import { writeLost } from './write-lost.ts';
import { writeTorn } from './write-torn.ts';

/** Everything that goes wrong. A new fault is one file here, and its line. */
export const FAULTS: readonly Fault[] = [
  dropRequest,
  dropResponse,
  delay,
  duplicate,
  truncated,
  badGateway,
  rateLimited,
  errorsInAnswer,
  captivePortal,
  staleAnswer,
  offline,
  oneWay,
  tabCrashed,
  tabClosed,
  tabFrozen,
  messageLost,
  crashBeforeWrite,
  crashAfterWrite,
  writeFails,
  diskFull,
  writeLost,
  writeTorn,
  cacheCleared,
  diskRolledBack,
  privateMode,
  storageCloned,
  killedBeforeCommit,
  killedAfterCommit,
  serializationFailure,
  serverRestart,
  rollingDeploy,
  backupRestored,
  tombstonesCollected,
  clockJump,
  serverClockJump,
  asleep,
  sessionExpires,
  accessChanges,
];
