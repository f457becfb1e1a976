/** A rule file: what a scrubber says, as data. @module */

import type { EngineName } from "../../core/engine_name.ts";
import type { Reviewed } from "../../core/reviewed.ts";
import type { KnownValues, TableRule } from "../rules/definition.ts";

/** Rows of one table. */
export interface RuleFileSelection {
  readonly of: string;
  /** A condition as it is written in the file: SQL with marks such as `{table:orders}`, see condition.ts. */
  readonly where: string;
  readonly optional?: true;
}

/**
 * What a rule file says, whichever of its forms it was written in. Plain data, which crosses to a worker: parse.ts reads it,
 * write.ts writes it, scrubber.ts makes a scrubber of it.
 */
export interface RuleFile {
  /** The application's name, by which databases match: `orders` is `orders_production`, too. */
  readonly database: string;
  readonly engine: EngineName;
  /** One sentence for `datascrubber scrubbers`. */
  readonly summary?: string;
  /** Name of a built-in scrubber whose rules are in force as well. */
  readonly extends?: string;
  /** Name of a built-in scrubber whose rules are not in force any more. */
  readonly replaces?: string;
  /** In their order. */
  readonly selections: Readonly<Record<string, RuleFileSelection>>;
  readonly knownValues: readonly KnownValues[];
  /** By the name of a table, behind its schema's and a dot where that is not the default one. */
  readonly tables: Readonly<Record<string, TableRule>>;
  readonly reviewed: readonly Reviewed[];
  /** Statements that run in the scrubbed database before verification, in their order. */
  readonly after?: readonly string[];
}

/** Something wrong in a rule file. Lines and columns count from 1. */
export interface RuleFileProblem {
  readonly line: number;
  readonly column: number;
  /** A sentence without a full stop, such as `there is no strategy "emial"; did you mean "email"?`. Never a variable's value. */
  readonly message: string;
}
