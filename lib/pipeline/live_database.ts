import type { Engine, Session } from "../engine/engine.ts";
import type { Column, Table } from "../engine/schema.ts";
import { Name } from "../engine/sql.ts";
import { ScrubError } from "../core/errors.ts";
import type { DatabaseOutline } from "../core/outline.ts";
import { applicationName } from "../scrub/coverage/assignment.ts";
import { coverDatabase, type CoveredDatabase } from "../scrub/coverage/cover_database.ts";
import type { Scrubber } from "../scrub/rules/definition.ts";
import { outline } from "../scrub/plan/outline.ts";
import { countSelection } from "../scrub/plan/selections.ts";
import { review } from "../scrub/coverage/review.ts";
import { loadEngine } from "./engines.ts";
import { logInLive } from "./live_login.ts";
import { refuseLiveServer } from "./live_server.ts";
import type { TableSample } from "../core/table_sample.ts";
import { sampleTables } from "../scrub/plan/sample_rows.ts";
import type { Reviewed } from "../core/reviewed.ts";
import type { Review } from "../core/review.ts";
import type { LiveDatabase, LiveRequest, LiveScrub } from "../core/live_database.ts";

/** Suffixes of databases of tests and laptops, besides environments. */
export const testSuffix = /[_-](?:test|dev|ci)[_-]?\d*$/;

/** How many values of a column are shown, and how much of each, in characters. */
const shown = { values: 5, characters: 60 };

/**
 * Compares a live database with its scrubber.
 *
 * @param showValues Whether values of unclassified columns are read as well.
 * @throws {ScrubError} `usage` where no scrubber matches; what the session throws.
 */
export async function reviewLive(
  request: LiveRequest,
  showValues: boolean,
  scrubbers: readonly Scrubber[],
  signal: AbortSignal,
): Promise<Review> {
  const { engine, session, found } = await coverLive(request, scrubbers, signal);
  await using _session = session;
  if (!showValues) return review(found);
  const samples: (readonly string[])[] = [];
  for (const { table, column } of found.drift.columns) samples.push(await valuesOf(engine, session, table, column));
  return review(found, samples);
}

/**
 * Describes what a run would do to a live database, and what it would be refused for.
 *
 * @param scrub That it is to be scrubbed where it is: refused as the scrub itself would be. `sample`: how many rows of each table to
 * show before and after, with the values.
 * @throws {ScrubError} `usage` where no scrubber matches; what refuseLiveServer() and the session throw.
 */
export async function planLive(
  request: LiveRequest,
  scrubbers: readonly Scrubber[],
  signal: AbortSignal,
  { scrub, sample }: { readonly scrub?: Omit<LiveScrub, "request">; readonly sample?: number } = {},
): Promise<
  { readonly outline: DatabaseOutline; readonly review: Review; readonly samples?: readonly TableSample[] }
> {
  if (scrub) {
    const engine = await loadEngine(request.target.engine);
    await using session = await logInLive(engine, request, signal);
    await refuseLiveServer(engine, session, scrub);
  }
  const { engine, session, scrubber, found } = await coverLive(request, scrubbers, signal);
  await using _session = session;
  const selected = await countSelected(engine, session, found);
  const samples = sample === undefined ? undefined : await sampleLive(request, found, sample, signal);
  return {
    outline: outline(found, scrubber, undefined, selected),
    review: review(found),
    ...(samples && { samples }),
  };
}

/** In a session that can change nothing, with a key of its own. */
async function sampleLive(
  { target, ca }: LiveRequest,
  { schema, bound }: CoveredDatabase,
  rows: number,
  signal: AbortSignal,
): Promise<readonly TableSample[]> {
  if (!bound) return [];
  const engine = await loadEngine(target.engine);
  const { engine: _, ...login } = target;
  const key = crypto.getRandomValues(new Uint8Array(32));
  await using session = await engine.openReadOnly({ ...login, ca }, signal, key);
  return await sampleTables({ engine, session, schema, bound, asOf: new Date() }, rows);
}

/** How many rows `keepRows` selects, by table; without those that the user may not count. */
async function countSelected(
  engine: Engine,
  session: Session,
  { schema, bound }: CoveredDatabase,
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const { table, keepRows } of bound?.tables ?? []) {
    if (!bound || keepRows === undefined) continue;
    try {
      counts.set(table.id, await countSelection(engine, session, schema, bound.selections, keepRows, new Date()));
    } catch (error) {
      if (!(error instanceof ScrubError)) throw error;
    }
  }
  return counts;
}

async function coverLive(
  { target, ca, scrubber: name, onDrift, reviewed }: LiveRequest,
  scrubbers: readonly Scrubber[],
  signal: AbortSignal,
): Promise<{
  readonly engine: Engine;
  readonly session: Session;
  readonly scrubber: Scrubber;
  readonly found: CoveredDatabase;
}> {
  const engine = await loadEngine(target.engine);
  await using undo = new AsyncDisposableStack();
  // First: an unknown scrubber and a failed login are two errors, and each says which it is.
  const session = undo.use(await logInLive(engine, { target, ca }, signal));
  const scrubber = scrubberFor(target, name, scrubbers);
  const found = await coverDatabase(engine, session, scrubber, {
    onDrift,
    reviewed: reviewedFor({ reviewed }, scrubber),
  });
  undo.move();
  return { engine, session, scrubber, found };
}

/**
 * The scrubber of a database by URL: the one of this name, else the one that is called like the database.
 *
 * @throws {ScrubError} `usage` where there is none.
 */
export function scrubberFor(
  { engine, database }: LiveDatabase,
  name: string | undefined,
  all: readonly Scrubber[],
): Scrubber {
  const wanted = applicationName(name ?? database.replace(testSuffix, ""));
  const found = all.find((one) => one.engine === engine && applicationName(one.name) === wanted);
  if (found) return found;
  const other = all.find((one) => applicationName(one.name) === wanted);
  const why = other
    ? `"${other.name}" is a scrubber for ${other.engine}, and this is a ${engine} database`
    : `no scrubber for ${engine} is called "${name ?? wanted}"`;
  const names = all.filter((one) => one.engine === engine).map((one) => one.name).join(", ");
  throw new ScrubError(
    "usage",
    `Cannot look at database "${database}": ${why}; the login succeeded`,
    `Name one with --scrubber: ${names}. For an application of your own write one: README, "Add a database".`,
  );
}

/** Sample values; none where the user may not read them. */
async function valuesOf(engine: Engine, session: Session, table: Table, column: Column): Promise<readonly string[]> {
  const { sql } = engine.expressions;
  const [name, from] = [new Name(column.name), engine.tableName(session.database, table)];
  try {
    const rows = await session.query(
      sql`SELECT ${name} AS sample FROM ${from} WHERE ${name} IS NOT NULL LIMIT ${shown.values}`,
    );
    return rows.map(({ sample }) => [...String(sample)].slice(0, shown.characters).join(""));
  } catch (error) {
    if (error instanceof ScrubError) return [];
    throw error;
  }
}

/** The entries that a request adds to the scrubber's own. */
export function reviewedFor(
  { reviewed }: Pick<LiveRequest, "reviewed">,
  { name }: Pick<Scrubber, "name">,
): readonly Reviewed[] {
  return isList(reviewed) ? reviewed : reviewed[name] ?? [];
}

function isList(reviewed: LiveRequest["reviewed"]): reviewed is readonly Reviewed[] {
  return Array.isArray(reviewed);
}
