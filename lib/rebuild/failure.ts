/** What may be told of a program's failure: its messages may quote values of rows. @module */

import { ScrubError } from "../core/errors.ts";
import type { ProgramFailure } from "./pipe.ts";
import type { RebuildPrograms } from "./programs.ts";

/** What is recognised in messages, of either engine; the first that fits. */
const reasons: readonly (readonly [sign: RegExp, why: string, hint: string])[] = [
  [
    /version mismatch/,
    "it is older than the server",
    "Install the client of the server's version.",
  ],
  [
    /unknown (variable|option)|unrecognized option/,
    "it does not know an option that is needed",
    "Install the server's own client of its version: MariaDB's will not do.",
  ],
  [
    /No space left on device|could not extend file|The table '.*' is full|Disk full/,
    "the server's disk is full",
    "Give the new instance more storage, then run again.",
  ],
  [
    /row-level security/,
    "row-level security would hide rows",
    "Let the master user join the role that owns the table, then run again.",
  ],
  [
    /permission denied|must be (owner|member|superuser|able)|must have|Access denied|command denied/,
    "the server refuses it to the master user",
    "Remove it in production, or give it an owner or definer that the master user may act for, then run again.",
  ],
  [
    /password authentication|fe_sendauth|certificate|Authentication plugin/,
    "it cannot log in",
    "Check that the program is as new as the server, and knows its way of authentication.",
  ],
  [
    /terminating connection|server closed the connection|Lost connection|gone away|SSL connection|could not connect|Can't connect/,
    "the connection is lost",
    "Look at the instance's recent events, then run again.",
  ],
  [
    /bigger than 'max_allowed_packet'|max_allowed_packet/,
    "a row is longer than max_allowed_packet",
    "Raise max_allowed_packet in the parameter group to 1 GB, then run again.",
  ],
  [/already exists/, "it exists already", "The new instance has to be empty."],
  [
    /violates|duplicate key|could not create unique index|Duplicate entry|Cannot add or update|constraint/,
    "rows break a constraint",
    "Correct the rows in production, or drop the constraint, then run again.",
  ],
  [
    /does not exist|is not available|doesn't exist|Unknown/,
    "something that it needs does not exist there",
    "Check that the new instance has the parameter group of the workspace, then run again.",
  ],
];

/**
 * The error for people. `what`: what could not be done, such as `copy database "x"`; `object`: where it failed, as the server's catalogue
 * names it.
 */
export function failureOf(
  failure: ProgramFailure,
  programs: RebuildPrograms,
  what: string,
  object?: string,
): ScrubError {
  const { code, complaint, which } = failure;
  const at = object === undefined ? "" : ` at ${object}`;
  const [, number, state] = /^ERROR (\d+) \(([0-9A-Z]{5})\)/m.exec(complaint) ?? [];
  const server = number === undefined ? "" : ` (${number}, SQLSTATE ${state})`;
  const [, why, hint] = code === 126 || code === 127
    ? [, "there is no such program", "Install the server's own client."]
    : reasons.find(([sign]) => sign.test(complaint)) ?? [];
  return new ScrubError(
    "rebuild",
    `Cannot ${what}: "${programs[which]}" ended with status ${code}${at}${server}${
      why === undefined ? "" : `: ${why}`
    }`,
    hint ?? "Look at the log of the instance's server, then run again.",
  );
}
