/** PostgreSQL 13 and later behind the engine's seam. @module */

import type { Engine } from "../engine/engine.ts";
import { checkAccounts, lockAccounts } from "./accounts.ts";
import { live } from "./live_server.ts";
import { dropDatabase, listDatabases } from "./schema/databases.ts";
import { disableSideEffects, readSettings } from "./side_effects.ts";
import { expressions } from "./expressions/expressions.ts";
import { addFingerprints, fillFingerprintSet, fingerprintSet, holdsAnyOf } from "./scratch/fingerprint_set.ts";
import { clearEmpty } from "./purge/clear_empty.ts";
import { catalogueTexts, readInventory, readServerInventory } from "./schema/inventory.ts";
import { plan } from "./plan/plan.ts";
import { explain, runRecorded } from "./plan/recorded.ts";
import { prepare } from "./session/owner_roles.ts";
import { progress } from "./session/activity.ts";
import { purge } from "./purge/purge.ts";
import { purgeServer } from "./purge/purge_server.ts";
import { dropObjects, refillObjects } from "./plan/drop_objects.ts";
import { readCounters, restartCounter } from "./schema/sequences.ts";
import { logBytes } from "./schema/log_bytes.ts";
import { readSchema } from "./schema/schema.ts";
import { bytesRead, dataBytes, storagePieces } from "./plan/storage.ts";
import { addToScratch, closeScratch, fillScratch, markUnfinished, openScratch, scratch } from "./scratch/scratch.ts";
import { fillShuffled, shuffledOf } from "./scratch/shuffled_values.ts";
import { loginObstacle } from "./session/errors.ts";
import { login, open, openReadOnly } from "./session/session.ts";
import { ownRows, rowsToChoose, tableName } from "./sql/table_name.ts";

/** PostgreSQL. */
export const postgresql: Engine = {
  name: "postgresql",
  expressions,
  login,
  loginObstacle,
  open,
  openReadOnly,
  listDatabases,
  clear: clearEmpty,
  dropDatabase,
  prepare,
  schema: readSchema,
  inventory: readInventory,
  serverInventory: readServerInventory,
  catalogueTexts,
  dropObjects,
  refillObjects,
  openScratch,
  closeScratch,
  markUnfinished,
  scratch,
  fillScratch,
  addToScratch,
  fillShuffled,
  shuffledOf,
  fingerprintSet,
  fillFingerprintSet,
  addFingerprints,
  holdsAnyOf,
  counters: readCounters,
  restartCounter,
  tableName,
  ownRows,
  rowsToChoose,
  // Sessions read no index alone.
  rowsToSearch: ownRows,
  plan,
  explain,
  runRecorded,
  storagePieces,
  bytesRead,
  dataBytes,
  progress,
  purge,
  purgeServer,
  disableSideEffects,
  readSettings,
  logBytes,
  checkAccounts,
  lockAccounts,
  live,
};
