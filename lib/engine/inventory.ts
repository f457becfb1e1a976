/**
 * What a database and its server hold besides rows of tables, as plain values. To have a run check one more kind of catalogue object:
 *
 * 1. `lib/core/object_kinds.ts`: name the kind. `comment`, `option` and others that are there will do where the object's text is read
 *    and judged in the same way: then go on with step 3.
 * 2. `lib/scrub/coverage/object_policy.ts`: say what becomes of every such object, and why. `checked`: it is kept, but refused where
 *    its text looks sensitive or cannot be read; an entry of `reviewed.json` lets through what is refused, of any kind.
 * 3. `lib/{postgresql,mysql}/schema/inventory_queries.ts`: add a part with its kind, name and text to `databaseObjects` or
 *    `serverObjects`, and its name to `databaseNames` or `serverNames`. On MySQL, what takes the privilege PROCESS goes to
 *    `innodbObjects` and `innodbNames`, programs of `sys` to `serverPrograms`, and columns of the schema `mysql` to `words`. With a version where the catalogue is newer. A
 *    text that is NULL means that there is none (PostgreSQL), or that the master user may not read it, which is refused (MySQL: leave
 *    out objects without a text). An object whose own name looks personal is only shown by a number; the list of names refuses it.
 * 4. `lib/{postgresql,mysql}/schema/catalogue_columns.ts`: move the catalogue's columns to the answer that they have now, which for
 *    those of the inventory names the kinds of the objects in whose texts they are; `name` for the lists of names. Each has exactly one,
 *    which `tests/engine/catalogue_columns_test.ts` checks on the live servers. PostgreSQL's views have no answers: only its catalogues
 *    store anything.
 * 5. `tests/engine/planted_objects/`: plant something for each new part, and a mark that is nowhere else in each column that is checked:
 *    the same test finds every part that reads nothing, and every mark that no text of its kinds has. For a new kind, or where its text
 *    is judged in a new way, add a case to `tests/scrub/coverage/object_policy_cases/`, for each engine whose inventory reads it: to
 *    `{postgresql,mysql}.ts` for what a database holds, to `{postgresql,mysql}_server.ts` for what the server does; to `reviewedTexts`
 *    of `object_policy_test.ts`, which runs them, where the text may change by itself.
 * 6. Say in the README's threat model what is not read, and name a new kind in "Catalogues" of `lib/scrub/README.md`.
 *
 * Entries of `reviewed.json`, rule files, drift and the report need nothing: they take every kind. A database's objects are read when
 * it is opened, empty or not, the server's once, after side effects are switched off (`lib/pipeline/run_databases.ts`): what that
 * drops, such as replication slots, is gone by then. A scrub of a database where it is (`scrub --url`) does not look at the server's.
 *
 * More is needed only for some new kinds:
 *
 * - that are dropped or emptied: `dropObjects` in `lib/{postgresql,mysql}/plan/drop_objects.ts`;
 * - whose texts list values (`enumerations`) or are expressions (`statements`), or whose numbers are judged (`isSurprising`):
 *   `schema_objects.ts` here; of options, `surprising_literals.ts` lists by name those whose numbers are;
 * - which are judged in TypeScript, such as `sequences.ts` and `spatial_reference_systems.ts`: to be called in
 *   `lib/{postgresql,mysql}/schema/inventory.ts`, and for the leak search in its `catalogueTexts`;
 * - whose names have an OID or a position: `isCalledByNumber` in `lib/scrub/verify/new_objects.ts`;
 * - whose text only MySQL's SHOW CREATE prints: `lib/mysql/schema/shown_definitions.ts`;
 * - which MySQL hides from users without a privilege that RDS's master user has: `lib/mysql/schema/hidden_objects.ts`, and the test's
 *   master user in `scripts/local_rds/rds_like.ts`; without one that it does not have: the answer `out of reach`, a line of the report
 *   in `lib/mysql/purge/purge_server.ts`, the README's threat model, and a case that grants the privilege;
 * - that make a database count as not empty: `lib/{postgresql,mysql}/schema/databases.ts`, and its test.
 *
 * @module
 */

import type { PersonalKind } from "./personal_text.ts";
import type { Sql } from "./sql.ts";
import type { SchemaObjectKind } from "../core/object_kinds.ts";

/** One object that can carry values. */
export interface SchemaObject {
  readonly kind: SchemaObjectKind;
  /**
   * As people name it, such as `public.active_people`; of a comment the object that has it. Safe to print: where the name itself looks
   * personal, a number replaces it.
   */
  readonly name: string;
  /** The name for statements, where {@linkcode name} leaves it out. Never printed. */
  readonly object?: string;
  /** `sensitive`: the text holds what {@linkcode holds} says; `unreadable`: the master user may not see it. */
  readonly text: "plain" | "sensitive" | "unreadable" | "none";
  /** What was found in the text. */
  readonly holds?: readonly PersonalKind[];
  /**
   * Of its text, where it has one: four hexadecimal digits, enough to notice that a reviewed text has changed, and too few to tell what
   * it is by trying texts.
   */
  readonly digest?: string;
}

/** A condition that every row of a table must meet. */
export interface Check {
  /** {@linkcode Table.id}. */
  readonly table: string;
  readonly name: string;
  /** The condition over the table's columns, which are not qualified. */
  readonly holds: Sql;
}

/** One database's objects besides rows. */
export interface Inventory {
  readonly objects: readonly SchemaObject[];
  readonly checks: readonly Check[];
}

/** What the server holds outside of its databases. */
export interface ServerInventory {
  readonly objects: readonly SchemaObject[];
  /** Columns of system catalogues that may hold text and that this version does not know: `pg_catalog.pg_x.y`. */
  readonly unknownColumns: readonly string[];
}
