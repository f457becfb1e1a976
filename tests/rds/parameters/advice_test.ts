/** What only a parameter group can set is said where it is not set. @module */

import { assertEquals, assertMatch } from "@std/assert";
import { groupAdvice } from "../../../lib/rds/parameters/advice.ts";
import { fastSettingsOf } from "../../../lib/rds/parameters/fast_settings.ts";
import { chooseParameterGroup } from "../../../lib/rds/parameters/choose_group.ts";
import { never, openLab } from "../local.ts";

Deno.test("each setting that the group lacks is a line, and the last says what sets them", async () => {
  await using lab = await openLab({ parameters: { postgres: { autovacuum: "0", checkpoint_timeout: "300" } } });
  const lines = groupAdvice(await lab.source(), new Map([["autovacuum", "0"], ["checkpoint_timeout", "300"]]));
  assertEquals(lines.length, fastSettingsOf("postgres", "18.4").length);
  assertMatch(lines[0] ?? "", /^checkpoint_timeout at 1800 instead of 300: fewer checkpoints/);
  assertMatch(lines.at(-1) ?? "", /^parameter group "production-postgres18" .* "datascrubber parameter-group prod"/);
});

Deno.test("an isolation group lacks nothing, and of a group that is not shown nothing is said", async () => {
  await using lab = await openLab();
  const source = await lab.source();
  const { parameters } = await chooseParameterGroup(lab.rds, source, { isolate: true }, never);
  assertEquals([groupAdvice(source, parameters), groupAdvice(source, undefined)], [[], []]);
});

Deno.test("MariaDB is advised what it has, by its own versions", () => {
  const changes = (version: string) =>
    fastSettingsOf("mariadb", version).map(({ name }) => name).filter((name) => /redo|change_buffering/.test(name));
  assertEquals([changes("10.11.6"), changes("11.4.2")], [["innodb_change_buffering"], []]);
});

const large = "db.m6g.4xlarge";
const isolated = new Map(fastSettingsOf("postgres", "18.4").map(({ name, value }) => [name, value]));

for (
  const { what, instanceClass = large, version = "18.4", values = {}, says } of [
    {
      what: "16 sessions and the three workers of PostgreSQL 18",
      says: "io_workers at 16 instead of the engine's own 3",
    },
    {
      what: "16 sessions and eight workers",
      values: { io_workers: "8" },
      says: "io_workers at 16 instead of 8, by hand",
    },
    { what: "as many workers as sessions", values: { io_workers: "16" } },
    { what: "two sessions, for which three are enough", instanceClass: "db.m6g.large" },
    { what: "sessions that read by themselves", values: { io_method: "sync" } },
    { what: "a number of workers that RDS computes", values: { io_workers: "{DBInstanceVCPU}" } },
    { what: "PostgreSQL 17, which has no workers", version: "17.6" },
    { what: "PostgreSQL 19, which adjusts them", version: "19.1" },
  ] satisfies readonly {
    readonly what: string;
    readonly instanceClass?: string;
    readonly version?: string;
    readonly values?: Readonly<Record<string, string>>;
    readonly says?: string;
  }[]
) {
  Deno.test(`${says === undefined ? "no" : "more"} io_workers are advised for ${what}`, async () => {
    await using lab = await openLab();
    const { snapshot, restore, ...source } = await lab.source();
    const lines = groupAdvice({
      ...source,
      snapshot: { ...snapshot, engineVersion: version },
      restore: { ...restore, instanceClass },
    }, new Map([...isolated, ...Object.entries(values)]));
    assertEquals(lines.map((line) => line.startsWith(says ?? "-")), says === undefined ? [] : [true]);
  });
}
