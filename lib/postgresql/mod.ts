/** PostgreSQL 13 and later behind the engine's seam. @module */

import type { Engine } from "../engine/engine.ts";
import { lockAccounts } from "./accounts.ts";
import { dropDatabase, listDatabases } from "./databases.ts";
import { defuse } from "./defuse.ts";
import { expressions } from "./expressions.ts";
import { fillFingerprintSet, fingerprintSet, holdsAnyOf } from "./fingerprint_set.ts";
import { readInventory } from "./inventory.ts";
import { plan } from "./plan.ts";
import { prepare } from "./prepare.ts";
import { progress } from "./progress.ts";
import { purge } from "./purge.ts";
import { purgeServer } from "./purge_server.ts";
import { refills, removals } from "./removal.ts";
import { readSchema } from "./schema.ts";
import { addToScratch, closeScratch, fillScratch, openScratch, scratch } from "./scratch.ts";
import { login, openReadOnly, openSession } from "./session.ts";
import { tableName } from "./table_name.ts";

/** PostgreSQL. */
export const postgresql: Engine = {
  name: "postgresql",
  expressions,
  login: (target, signal) => login(target, signal),
  open: (target, key, signal) => openSession(target, key, signal),
  openReadOnly,
  databases: listDatabases,
  dropDatabase,
  prepare,
  schema: readSchema,
  inventory: readInventory,
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
  defuse,
  lockAccounts,
};
