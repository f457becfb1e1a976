/** What only a parameter group can set is said where it is not set. @module */

import { assertEquals, assertMatch } from "@std/assert";
import { groupAdvice } from "../../../lib/rds/parameters/advice.ts";
import { fastSettingsOf } from "../../../lib/rds/parameters/fast_settings.ts";
import { chooseParameterGroup } from "../../../lib/rds/parameters/choose_group.ts";
import { never, openLab } from "../local.ts";

Deno.test("each setting that the group lacks is a line, and the last says what sets them", async () => {
  await using lab = await openLab({ parameters: { postgres: { autovacuum: "0", checkpoint_timeout: "300" } } });
  const lines = groupAdvice(await lab.source(), new Map([["autovacuum", "0"], ["checkpoint_timeout", "300"]]));
  assertEquals(lines.length, fastSettingsOf("postgresql", "18.4").length);
  assertMatch(lines[0] ?? "", /^checkpoint_timeout at 1800 instead of 300: fewer checkpoints/);
  assertMatch(lines.at(-1) ?? "", /^parameter group "production-postgres18" .* "datascrubber parameter-group prod"/);
});

Deno.test("an isolation group lacks nothing, and of a group that is not shown nothing is said", async () => {
  await using lab = await openLab();
  const source = await lab.source();
  const { parameters } = await chooseParameterGroup(lab.rds, source, { isolate: true }, never);
  assertEquals([groupAdvice(source, parameters), groupAdvice(source, undefined)], [[], []]);
});
