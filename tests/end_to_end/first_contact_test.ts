/** What an account and a machine may be like when the program meets them for the first time. @module */

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { createRds } from "../../lib/rds/api/client.ts";
import { runTags, tag, workspaceName } from "../../lib/rds/api/names.ts";
import { resolveSource } from "../../lib/rds/source/source.ts";
import { startLocalRds } from "../../scripts/local_rds/local_rds.ts";
import { startProgram } from "../fleet/program.ts";
import { instances, runProgram } from "./stage.ts";

const source = ["--postgresql-instances", instances.postgresql];
const never = new AbortController().signal;

for (
  const { what, clockOffset, beat, state } of [
    { what: "ahead: a living run of another machine is not swept", clockOffset: -3_600_000, beat: 1, state: "alive" },
    { what: "behind: a dead run of another machine is swept", clockOffset: 3_600_000, beat: 16, state: "dead" },
  ] as const
) {
  Deno.test(`this machine's clock is an hour ${what}`, async () => {
    await using rds = await startLocalRds({ servers: false, clockOffset });
    await rds.addProduction({ id: instances.postgresql, engine: "postgres" });
    const instance = workspaceName({ rdsEngine: "postgres", name: instances.postgresql });
    using other = createRds({
      region: rds.region,
      log: { debug() {} },
      endpoint: { url: rds.url, accessKeyId: "other", secretAccessKey: "other" },
    });
    const request = { engine: "postgresql", kind: "instance", value: instances.postgresql } as const;
    const found = await resolveSource(other, request, { overrides: {} }, never);
    const time = new Date(Date.now() + clockOffset - beat * 60_000);
    const tags = { ...runTags(found, "run-0", 300_000, time), [tag.heartbeat]: time.toISOString() };
    await other.restore({ ...found.restore, instance, tags }, never);
    await rds.settled();

    const sweep = await startProgram(["sweep", "--poll-interval", "0.02"], rds.environment).ended();
    assertEquals(sweep.code, 0, sweep.stderr);
    if (state === "dead") {
      assertStringIncludes(sweep.stdout, `deleted instance "${instance}"`);
      return assertEquals(rds.workspaces(), []);
    }
    assertStringIncludes(sweep.stdout, `leaves instance "${instance}"`);
    assertStringIncludes(sweep.stdout, "the run is alive");
    const second = await runProgram(rds, source);
    assertEquals(second.code, 1, second.stderr);
    assertMatch(second.stdout, /run run-0 works on/);
    assertEquals(rds.workspaces(), [instance]);
  });
}
