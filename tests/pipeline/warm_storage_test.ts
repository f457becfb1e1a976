/** What is read ahead, and what becomes of a run where that fails. No server: tests/engine/storage_test.ts reads real ones. */

import { assertEquals, assertRejects } from "@std/assert";
import { DatabaseError } from "../../lib/engine/database_error.ts";
import type { Session } from "../../lib/engine/engine.ts";
import { trusted } from "../../lib/engine/sql.ts";
import { postgresql } from "../../lib/postgresql/mod.ts";
import { warmStorage } from "../../lib/pipeline/warm_storage.ts";
import type { DatabasesRun } from "../../lib/pipeline/run.ts";
import { SourceReportBuilder } from "../../lib/report/report_builder.ts";
import { settingsWith } from "../fixtures/settings.ts";
import { silent, testKey } from "../scrub/scrub_fixture.ts";

const mb = 2 ** 20;
const table = {
  ...{ id: "mails", schema: "s", name: "mails", kind: "table", columns: [], primaryKey: [], uniqueKeys: [] } as const,
  ...{ rows: 1, bytes: 256 * mb, hasTriggers: false },
};
const lost = new DatabaseError("statement", "08006", "Cannot read: the connection is lost", "Run again.");

interface Volume {
  readonly settings?: Partial<DatabasesRun["settings"]>;
  readonly bytes?: number;
  /** How many pieces there are. */
  readonly pieces?: number;
  /** What making pieces, opening a session, or reading a piece fails with. */
  readonly fails?: { readonly at: "pieces" | "open" | "scan"; readonly with: Error };
}

/** Reads a volume ahead, each piece in no time; sessions are counted. */
async function readAhead({ settings, bytes = table.bytes, pieces = 40, fails }: Volume) {
  const warnings: string[] = [];
  let [open, read] = [0, 0];
  const failing = <T>(at: "pieces" | "open" | "scan", value: T) =>
    fails?.at === at ? Promise.reject(fails.with) : Promise.resolve(value);
  const session: Session = {
    database: "app",
    query: () => Promise.resolve([]),
    scan: () => {
      read++;
      return failing("scan", []);
    },
    run: () => Promise.resolve({ rows: 0 }),
    [Symbol.asyncDispose]: () => Promise.resolve(void open--),
  };
  const report = new SourceReportBuilder({ engine: "postgresql", kind: "instance", value: "orders" });
  const piece = { table, bytes: 16 * mb, sql: trusted("SELECT 1") };
  const run: DatabasesRun = {
    ...{ settings: settingsWith(settings), runId: "run", key: testKey(), scrubbers: [], report, phase() {} },
    log: { ...silent, warn: (message) => void warnings.push(message) },
    engine: {
      ...postgresql,
      openScratch: () => Promise.resolve(),
      readSettings: () => Promise.resolve(new Map([["max_connections", "40"]])),
      storagePieces: () =>
        failing("pieces", { pieces: Array(pieces).fill(piece), [Symbol.asyncDispose]: () => Promise.resolve() }),
    },
    ...{ target: { host: "h", port: 1, user: "u", password: "p", ca: "" }, source: "orders", resourceId: "db-1" },
    ...{ storageBytes: undefined, asOf: new Date(0) },
    initialisation: () => Promise.resolve({ status: "Initializing", percent: 30 }),
  };
  const pool = {
    size: 1,
    open: async () => {
      await failing("open", undefined);
      open++;
      return session;
    },
  };
  await warmStorage(run, [{ session, pool, tables: [{ ...table, bytes }] }], "rows");
  return { warnings, open, read, warming: report.report.warming };
}

Deno.test.each<{ what: string; volume: Volume; read: number }>([
  { what: "four pieces of a fast volume", volume: {}, read: 4 },
  { what: "nothing of little data", volume: { bytes: 255 * mb }, read: 0 },
  { what: "all of little data where a number is given", volume: { bytes: 1, settings: { warm: 3 } }, read: 40 },
  { what: "nothing where it is off", volume: { settings: { warm: "off" } }, read: 0 },
  { what: "nothing for a plan", volume: { settings: { planOnly: true, warm: 3 } }, read: 0 },
])("reading ahead reads $what", async ({ volume, read }) => {
  const found = await readAhead(volume);
  assertEquals([found.read, found.open, found.warnings, found.warming !== undefined], [read, 0, [], read > 0]);
});

Deno.test("the report says what was read ahead, and what RDS said of the volume", async () => {
  const { warming } = await readAhead({ settings: { warm: 3 } });
  assertEquals({ ...warming, seconds: 0 }, {
    initialisation: { status: "Initializing", percent: 30 },
    ...{ readers: 3, bytes: 640 * mb, ofBytes: 640 * mb, seconds: 0, ended: "all read" },
  });
});

Deno.test.each([{ at: "pieces" }, { at: "open" }, { at: "scan" }] as const)(
  "a database error at $at is a warning and a word in the report, and leaves no session",
  async ({ at }) => {
    const { warnings, open, warming } = await readAhead({ fails: { at, with: lost } });
    const warning = `the volume is not read ahead any more, so that a cold one is slow: ${lost.message}`;
    assertEquals([warnings, open, warming?.ended], [[warning], 0, "failed"]);
  },
);

Deno.test("an interrupt while reading ahead ends the run", async () => {
  const fails = { at: "scan", with: new DOMException("interrupted", "AbortError") } as const;
  await assertRejects(() => readAhead({ fails }), DOMException);
});
