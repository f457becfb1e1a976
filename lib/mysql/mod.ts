/** MySQL, 8.0 to 9.x, and MariaDB, 10.6 to 11.8, as RDS runs them. @module */

import type { Engine } from "../engine/engine.ts";
import { checkAccounts, lockAccounts } from "./accounts.ts";
import { live } from "./live_server.ts";
import { dropDatabase, listDatabases, refuseReadOnly } from "./schema/databases.ts";
import { loginObstacle } from "./session/errors.ts";
import { login, open, openReadOnly } from "./session/session.ts";
import { disableSideEffects, readSettings } from "./side_effects.ts";
import { divide } from "./plan/divide.ts";
import { expressions } from "./expressions/expressions.ts";
import { addFingerprints, fillFingerprintSet, fingerprintSet, holdsAnyOf } from "./scratch/fingerprint_set.ts";
import { catalogueTexts, readInventory, readServerInventory } from "./schema/inventory.ts";
import { plan } from "./plan/plan.ts";
import { explain, runRecorded } from "./plan/recorded.ts";
import { progress } from "./session/activity.ts";
import { checkReplaced, purge } from "./purge/purge.ts";
import { redoCapacity } from "./purge/redo_capacity.ts";
import { purgeServer } from "./purge/purge_server.ts";
import { dropObjects, refillObjects } from "./plan/drop_objects.ts";
import { readCounters, restartCounter } from "./schema/auto_increment.ts";
import { refuseMisplacedRows } from "./schema/misplaced_rows.ts";
import { refuseOldBytes } from "./plan/documents.ts";
import { readSchema } from "./schema/schema.ts";
import { bytesRead, dataBytes, storagePieces } from "./plan/storage.ts";
import { addToScratch, closeScratch, fillScratch, markUnfinished, openScratch, scratch } from "./scratch/scratch.ts";
import { fillShuffled, shuffledOf } from "./scratch/shuffled_values.ts";
import { ownRows, rowsToChoose, rowsToSearch, tableName } from "./sql/table_name.ts";

/** The engine for the pipeline. */
export const mysql: Engine = {
  name: "mysql",
  expressions,
  login,
  loginObstacle,
  open,
  openReadOnly,
  listDatabases,
  // No tool of the server keeps data in an empty schema.
  clear: () => Promise.resolve([]),
  dropDatabase,
  // Privileges are global.
  prepare: () => Promise.resolve([]),
  schema: readSchema,
  async checkRows(session, schema) {
    await refuseReadOnly(session, schema.database);
    await refuseMisplacedRows(session, schema);
    await refuseOldBytes(session, schema);
  },
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
  rowsToSearch,
  plan,
  explain,
  runRecorded,
  divide,
  storagePieces,
  bytesRead,
  dataBytes,
  progress,
  checkDefinitions: checkReplaced,
  purge,
  purgeServer: (...purge) => purgeServer(...purge),
  disableSideEffects,
  readSettings,
  async logBytes(session) {
    const bytes = await redoCapacity(session);
    return { now: bytes, most: bytes };
  },
  checkAccounts,
  lockAccounts,
  live,
};
