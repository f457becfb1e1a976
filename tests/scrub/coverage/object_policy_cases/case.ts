/** A case of an object that can carry a value besides rows. @module */

import type { SchemaObjectKind } from "../../../../lib/core/object_kinds.ts";

/** An object of a kind, in a database of its own, and what becomes of it. */
export interface Case {
  readonly kind: SchemaObjectKind;
  /** Run by the application (PostgreSQL: as the owner). */
  readonly statements: string;
  /** Run by a superuser afterwards, in the database. */
  readonly asSuperuser?: string;
  /** A file of the database that the server loses. */
  readonly lost?: string;
  /** What stops the run or goes, besides what is checked and let through. */
  readonly refused?: readonly string[];
  readonly removed?: readonly string[];
}

/** An object of the server, found once for all its databases, and let through by a review of any of its scrubbers. */
export interface ServerCase extends Case {
  readonly undo: string;
}

/** An address that is planted. */
export const address = "zmark@private.test";
