/** Which parameter group a workspace gets, and with which it is not restored. @module */

import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ScrubError } from "../../../lib/core/errors.ts";
import {
  checkServerSettings,
  chooseParameterGroup,
  type GroupOptions,
} from "../../../lib/rds/parameters/choose_group.ts";
import { isolate } from "../../../lib/pipeline/isolation.ts";
import { isQuiet, wakingNames, wakingSettings } from "../../../lib/rds/parameters/waking_settings.ts";
import { codeOf, type Lab, never, openLab } from "../local.ts";

const own = "production-postgres18";
const isolation = "scrubber-postgres18-prod";
const quiet = { max_logical_replication_workers: "0" };

async function choose(lab: Lab, options: GroupOptions = {}) {
  const { source, warnings } = await chooseParameterGroup(lab.rds, await lab.source(), options, never);
  return { group: source.restore.parameterGroup, warnings };
}

function open(values: Record<string, string>): Promise<Lab> {
  return openLab({ parameters: { postgres: values }, pageSize: 20 });
}

Deno.test("a source's own group is taken where nothing starts in it", async () => {
  await using lab = await open({ ...quiet, log_statement: "none", max_connections: "50" });
  assertEquals(await choose(lab), { group: own, warnings: [] });
});

for (
  const { what, values, says } of [
    { what: "subscriptions, as by itself", values: {}, says: 'max_logical_replication_workers is "4"' },
    {
      what: "jobs of pg_cron",
      values: { ...quiet, shared_preload_libraries: "pg_stat_statements, pg_cron" },
      says: "jobs of pg_cron run before the first login",
    },
    { what: "logging of statements", values: { ...quiet, log_statement: "ddl" }, says: 'log_statement is "ddl"' },
    {
      what: "logging of slow statements",
      values: { ...quiet, log_min_duration_statement: "0" },
      says: "copied into the server's log",
    },
    { what: "auditing", values: { ...quiet, "pgaudit.log": "read,write" }, says: 'pgaudit.log is "read,write"' },
  ]
) {
  Deno.test(`a group with ${what} is refused before the restore, or accepted with a warning`, async () => {
    await using lab = await open(values);
    const error = await assertRejects(() => choose(lab), ScrubError);
    assertEquals([error.code, error.kind], ["active", "refused"]);
    assertStringIncludes(error.message, `in parameter group "${own}"`);
    assertStringIncludes(error.message, says);
    assertStringIncludes(error.hint, "datascrubber parameter-group prod");
    const { group, warnings } = await choose(lab, { allowActive: true });
    assertEquals([group, warnings.length], [own, 1]);
    assertStringIncludes(warnings[0] ?? "", says);
  });
}

Deno.test("MariaDB's events are off where nothing sets them, unlike MySQL's", async () => {
  const groups = { parameters: { mysql: {}, mariadb: {} }, pageSize: 20 } as const;
  await using mysql = await openLab(groups, 1, "mysql");
  assertEquals(await codeOf(choose(mysql)), "active");
  await using mariadb = await openLab(groups, 1, "mariadb");
  assertEquals(await choose(mariadb), { group: "production-mariadb11", warnings: [] });
});

Deno.test("a source's isolation group is found, unless another one is named", async () => {
  await using lab = await open({ log_statement: "all" });
  await isolate(lab.rds, { source: "prod", dryRun: false, pollInterval: 1, timeout: 10 }, lab.notes, never);
  assertEquals(await choose(lab), { group: isolation, warnings: [] });
  assertEquals(await codeOf(choose(lab, { parameterGroup: own })), "active");
});

Deno.test("with isolate, what there is to make is planned until it is made", async () => {
  await using lab = await open({ log_statement: "all" });
  const source = await lab.source();
  const ask = () => chooseParameterGroup(lab.rds, source, { isolate: true }, never);
  const before = await ask();
  assertEquals([before.source.restore.parameterGroup, before.isolation?.plan.from.name], [isolation, own]);
  assertEquals(lab.local.callLog.calls().filter(({ action }) => !action.startsWith("Describe")), []);
  await isolate(lab.rds, { source: "prod", dryRun: false, pollInterval: 1, timeout: 10 }, lab.notes, never);
  const after = await ask();
  assertEquals([after.source.restore.parameterGroup, after.isolation], [isolation, undefined]);
});

Deno.test("an isolation group that was changed by hand is refused, too", async () => {
  await using lab = await open(quiet);
  await isolate(lab.rds, { source: "prod", dryRun: false, pollInterval: 1, timeout: 10 }, lab.notes, never);
  await lab.rds.parameterGroups.modify(isolation, [{ name: "log_statement", value: "mod", dynamic: true }], never);
  const error = await assertRejects(() => choose(lab), ScrubError);
  assertStringIncludes(error.message, `in parameter group "${isolation}" log_statement is "mod"`);
});

for (const action of ["DescribeDBParameterGroups", "DescribeDBParameters"]) {
  Deno.test(`where AWS denies ${action}, only what is accepted unseen is restored`, async () => {
    await using lab = await open(quiet);
    lab.local.faults.add({ action, what: "access-denied", times: 2 });
    assertEquals(await codeOf(choose(lab)), "aws-denied");
    const { group, warnings } = await choose(lab, { allowActive: true });
    assertEquals(group, own);
    assertStringIncludes(warnings[0] ?? "", "it is not known what the workspace starts by itself");
  });
}

Deno.test("a group that does not exist is refused before the restore", async () => {
  await using lab = await open(quiet);
  const source = await lab.source();
  const named = { ...source, restore: { ...source.restore, parameterGroup: "nowhere" } };
  const error = await assertRejects(
    () => chooseParameterGroup(lab.rds, named, { parameterGroup: "nowhere" }, never),
    ScrubError,
  );
  assertEquals(error.code, "aws-refused");
  assertStringIncludes(error.hint, "--parameter-group");
});

Deno.test("a running server whose settings are not quiet is refused, or accepted with a warning", () => {
  const source = { engine: "mysql", name: "shop" } as const;
  const settings = new Map([["event_scheduler", "ON"], ["init_connect", "SET @who = 'ann@shop.example'"]]);
  const error = (() => {
    try {
      return checkServerSettings(source, settings, {});
    } catch (error) {
      return error;
    }
  })();
  assertEquals(error instanceof ScrubError && error.code, "active");
  const [warning = ""] = checkServerSettings(source, settings, { allowActive: true });
  assertStringIncludes(warning, 'event_scheduler is "ON", so that events that are due run');
  assertEquals(warning.includes("ann@shop.example"), false);
  assertEquals(checkServerSettings(source, new Map([["event_scheduler", "OFF"]]), {}), []);
});

Deno.test("an engine's own value counts where the server does not say it", () => {
  const unknown = { engine: "postgresql", name: "prod" } as const;
  assertStringIncludes(
    checkServerSettings(unknown, new Map(), { allowActive: true }).join(),
    "max_logical_replication_workers",
  );
});

Deno.test("what an isolation group sets is quiet by the same table", () => {
  for (const setting of wakingSettings) {
    if (setting.isolated !== undefined) assertEquals(isQuiet(setting, setting.isolated), true, setting.name);
  }
  assertEquals(new Set(wakingSettings.map(({ name }) => name)).size, wakingSettings.length);
  assertEquals(wakingNames("mysql").includes("log_statement"), false);
});
