/** The isolation group: what it is made of, that it is made once, and what is never changed. @module */

import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ScrubError } from "../../../lib/core/errors.ts";
import {
  type IsolationSource,
  makeIsolationGroup,
  planIsolation,
} from "../../../lib/rds/parameters/isolation_group.ts";
import type { LocalRdsOptions } from "../../../scripts/local_rds/local_rds.ts";
import type { EngineName } from "../../../scripts/local_rds/server.ts";
import { codeOf, type Lab, never, openLab } from "../local.ts";

const postgresql: IsolationSource = {
  engine: "postgresql",
  rdsEngine: "postgres",
  name: "prod",
  engineVersion: "18.4",
  parameterGroup: "production-postgres18",
};
const mysql: IsolationSource = {
  engine: "mysql",
  rdsEngine: "mysql",
  name: "prod",
  engineVersion: "9.7.4",
  parameterGroup: "production-mysql9",
};

const mariadb: IsolationSource = {
  engine: "mysql",
  rdsEngine: "mariadb",
  name: "prod",
  engineVersion: "11.8.9",
  parameterGroup: "production-mariadb11",
};

/** A lab whose production's parameter group sets these values. */
function open(engine: EngineName, values: Record<string, string>, more: LocalRdsOptions = {}): Promise<Lab> {
  return openLab({ parameters: { [engine]: values }, ...more }, 1, engine);
}

async function make(lab: Lab, source: IsolationSource): Promise<readonly string[]> {
  const plan = await planIsolation(lab.rds, source, never);
  const options = { pollInterval: 1, propagationTimeout: 100, settle: 0, log: lab.notes };
  await makeIsolationGroup(lab.rds, source, plan, options, never);
  return plan.changes.map(({ name }) => name);
}

/** What a group sets. */
async function valuesOf(lab: Lab, group: string): Promise<Readonly<Record<string, string>>> {
  const all = await lab.rds.parameterGroups.parameters(group, never);
  return Object.fromEntries(all.flatMap(({ name, value, setByUser }) => setByUser ? [[name, value ?? ""]] : []));
}

const madePostgresql = "scrubber-postgres18-prod";
const fast = {
  autovacuum: "0",
  checkpoint_timeout: "1800",
  log_min_error_statement: "panic",
  "rds.log_retention_period": "1440",
};

Deno.test("an isolation group has the source's values, but for those that are not quiet, and a few fast ones", async () => {
  const own = {
    max_connections: "300",
    shared_preload_libraries: "pg_stat_statements,pg_cron,pgaudit",
    log_statement: "all",
    "pgaudit.log": "write",
    "pgaudit.log_parameter": "1",
    autovacuum: "1",
  };
  await using lab = await open("postgres", own, { pageSize: 20 });
  await make(lab, postgresql);
  assertEquals(await valuesOf(lab, madePostgresql), {
    ...own,
    ...fast,
    max_logical_replication_workers: "0",
    shared_preload_libraries: "pg_stat_statements,pgaudit",
    log_statement: "none",
    "pgaudit.log": "none",
    "pgaudit.log_parameter": "0",
  });
  assertEquals(await valuesOf(lab, postgresql.parameterGroup), own);
  assertEquals(lab.local.callLog.violations(), []);
});

Deno.test("MySQL's isolation group has no events, logs or statements at login", async () => {
  const own = { event_scheduler: "ON", general_log: "1", slow_query_log: "1", init_connect: "SET @who = 'ann'" };
  await using lab = await open("mysql", own);
  await make(lab, mysql);
  const { event_scheduler, general_log, slow_query_log, init_connect } = await valuesOf(lab, "scrubber-mysql9-7-prod");
  assertEquals([event_scheduler, general_log, slow_query_log, init_connect], ["OFF", "0", "0", "DO 0"]);
});

Deno.test("MariaDB's isolation group is quiet, and has logs that a purge fills soon", async () => {
  await using lab = await open("mariadb", { event_scheduler: "ON", innodb_log_file_size: "4294967296" });
  await make(lab, mariadb);
  assertEquals(await valuesOf(lab, "scrubber-mariadb11-8-prod"), {
    aria_checkpoint_interval: "1",
    aria_log_file_size: "8388608",
    event_scheduler: "OFF",
    innodb_flush_log_at_trx_commit: "2",
    innodb_log_file_size: "268435456",
    innodb_max_undo_log_size: "10485760",
    innodb_undo_log_truncate: "1",
  });
});

Deno.test("a second time nothing is changed", async () => {
  await using lab = await open("postgres", { log_statement: "all" });
  assert((await make(lab, postgresql)).length > 0);
  const calls = lab.local.callLog.calls().length;
  assertEquals(await make(lab, postgresql), []);
  const again = lab.local.callLog.calls().slice(calls).map(({ action }) => action);
  assertEquals(again.filter((action) => !action.startsWith("Describe")), []);
});

Deno.test("what production has set since, the isolation group gets, and what was changed in it by hand is mended", async () => {
  await using lab = await open("postgres", {});
  await make(lab, postgresql);
  const set = (group: string, name: string, value: string) =>
    lab.rds.parameterGroups.modify(group, [{ name, value, dynamic: false }], never);
  await set(postgresql.parameterGroup, "max_connections", "77");
  await set(madePostgresql, "log_statement", "ddl");
  assertEquals((await make(lab, postgresql)).toSorted(), ["log_statement", "max_connections"]);
  assertEquals(await valuesOf(lab, madePostgresql), {
    ...fast,
    max_logical_replication_workers: "0",
    max_connections: "77",
    log_statement: "none",
  });
});

Deno.test("a family's default group, which cannot be copied, is followed, too", async () => {
  await using lab = await openLab();
  const source = { ...postgresql, parameterGroup: "default.postgres18" };
  await make(lab, source);
  assertEquals(await valuesOf(lab, madePostgresql), { ...fast, max_logical_replication_workers: "0" });
});

Deno.test("more than twenty values go out in several calls, static ones for the next start", async () => {
  const many = ["work_mem", "statement_timeout", "random_page_cost", "max_worker_processes", "maintenance_work_mem"];
  const more = ["log_temp_files", "log_lock_waits", "log_connections", "deadlock_timeout", "cron.log_run"];
  const last = ["archive_timeout", "authentication_timeout", "autovacuum_max_workers", "max_locks_per_transaction"];
  await using lab = await open("postgres", {});
  await make(lab, postgresql);
  const values = [...many, ...more, ...last, "max_connections", "max_wal_size", "default_statistics_target"];
  const extra = ["log_statement_sample_rate", "rds.force_ssl", "rds.logical_replication", "cron.database_name"];
  await lab.rds.parameterGroups.modify(
    postgresql.parameterGroup,
    [...values, ...extra].map((name) => ({ name, value: "1", dynamic: false })),
    never,
  );
  assertEquals((await make(lab, postgresql)).length, 21);
  const calls = lab.local.callLog.calls().filter(({ action, parameters }) =>
    action === "ModifyDBParameterGroup" && parameters["DBParameterGroupName"] === madePostgresql
  );
  const sizes = calls.map(({ parameters }) =>
    Object.keys(parameters).filter((key) => key.endsWith(".ParameterName")).length
  );
  assertEquals(sizes, [5, 20, 1]);
});

Deno.test("a group of this name without this program's tags is not changed", async () => {
  await using lab = await openLab();
  const from = await lab.rds.parameterGroups.find(postgresql.parameterGroup, never);
  assert(from);
  await lab.rds.parameterGroups.copy({ from, name: madePostgresql, description: "theirs", tags: {} }, never);
  assertEquals(await codeOf(make(lab, postgresql)), "name-taken");
  assertEquals(await valuesOf(lab, madePostgresql), await valuesOf(lab, postgresql.parameterGroup));
});

Deno.test("an answer that was lost, or another run, makes no second group", async () => {
  await using lab = await openLab({}, 2);
  lab.local.faults.add({ action: "CopyDBParameterGroup", what: "lost-after" });
  await make(lab, postgresql);
  assertEquals(await planIsolation(lab.rds, postgresql, never).then(({ changes }) => changes), []);
});

Deno.test("a source whose own group is gone has no isolation group", async () => {
  await using lab = await openLab();
  const source = { ...postgresql, parameterGroup: "long-gone" };
  const error = await assertRejects(() => planIsolation(lab.rds, source, never), ScrubError);
  assertEquals(error.code, "source");
  assertStringIncludes(error.message, `"long-gone" does not exist`);
});

for (
  const action of [
    "DescribeDBParameterGroups",
    "DescribeDBParameters",
    "CopyDBParameterGroup",
    "ModifyDBParameterGroup",
  ]
) {
  Deno.test(`after ${action} is refused, the next call completes the group`, async () => {
    await using lab = await open("postgres", { log_statement: "all" });
    lab.local.faults.add({ action, what: "access-denied" });
    assertEquals(await codeOf(make(lab, postgresql)), "aws-denied");
    await make(lab, postgresql);
    assertEquals((await valuesOf(lab, madePostgresql)).log_statement, "none");
    assertEquals(lab.local.callLog.violations().filter((one) => !one.endsWith(postgresql.parameterGroup)), []);
  });
}

Deno.test("an empty answer to a change is an error", async () => {
  await using lab = await open("postgres", { log_statement: "all" });
  lab.local.faults.add({ action: "ModifyDBParameterGroup", what: "empty" });
  assertEquals(await codeOf(make(lab, postgresql)), "aws-unavailable");
});
