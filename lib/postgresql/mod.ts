/** PostgreSQL 13 and later behind the engine's seam. @module */

import type { Engine } from "../engine/engine.ts";
import { checkAccounts, lockAccounts } from "./accounts.ts";
import { dropDatabase, listDatabases } from "./schema/databases.ts";
import { disableSideEffects } from "./side_effects.ts";
import { expressions } from "./expressions/expressions.ts";
import { fillFingerprintSet, fingerprintSet, holdsAnyOf } from "./scratch/fingerprint_set.ts";
import { clearEmpty } from "./purge/clear_empty.ts";
import { readInventory, readServerInventory } from "./schema/inventory.ts";
import { plan } from "./plan/plan.ts";
import { prepare } from "./session/owner_roles.ts";
import { progress } from "./session/progress.ts";
import { purge } from "./purge/purge.ts";
import { purgeServer } from "./purge/purge_server.ts";
import { refills, removals } from "./plan/drop_objects.ts";
import { readSchema } from "./schema/schema.ts";
import { addToScratch, closeScratch, fillScratch, openScratch, scratch } from "./scratch/scratch.ts";
import { login, openReadOnly, openSession } from "./session/session.ts";
import { tableName } from "./sql/table_name.ts";

/** PostgreSQL. */
export const postgresql: Engine = {
  name: "postgresql",
  expressions,
  login: (target, signal) => login(target, signal),
  open: (target, key, signal) => openSession(target, key, signal),
  openReadOnly,
  databases: listDatabases,
  clear: clearEmpty,
  dropDatabase,
  prepare,
  schema: readSchema,
  inventory: readInventory,
  serverInventory: readServerInventory,
  removals,
  refills,
  openScratch,
  closeScratch,
  scratch,
  fillScratch,
  addToScratch,
  fingerprintSet,
  fillFingerprintSet,
  holdsAnyOf,
  tableName,
  plan,
  progress,
  purge,
  purgeServer,
  disableSideEffects,
  checkAccounts,
  lockAccounts,
};
