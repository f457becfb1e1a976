/** MySQL, 8.0 to 9.x, as RDS runs it. @module */

import type { Engine } from "../engine/engine.ts";
import { lockAccounts } from "./accounts.ts";
import { databases, dropDatabase } from "./databases.ts";
import { login, open, openReadOnly } from "./driver.ts";
import { defuse } from "./defuse.ts";
import { divide } from "./divide.ts";
import { expressions } from "./expressions.ts";
import { fillFingerprintSet, fingerprintSet, holdsAnyOf } from "./fingerprint_set.ts";
import { readInventory } from "./inventory.ts";
import { plan } from "./plan.ts";
import { progress } from "./progress.ts";
import { purge } from "./purge.ts";
import { purgeServer } from "./purge_server.ts";
import { refills, removals } from "./removal.ts";
import { readSchema } from "./schema.ts";
import { addToScratch, closeScratch, fillScratch, openScratch, scratch } from "./scratch.ts";
import { tableName } from "./table_name.ts";

/** The engine for the pipeline. */
export const mysql: Engine = {
  name: "mysql",
  expressions,
  login,
  open,
  openReadOnly,
  databases: (session) => databases(session),
  dropDatabase,
  // The master user's privileges are global.
  prepare: () => Promise.resolve([]),
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
  divide,
  progress,
  purge,
  purgeServer: (session, plans) => purgeServer(session, plans),
  defuse,
  lockAccounts,
};
