/** The workspace with a real server behind it: the password that RDS sets is the one that logs in. @module */

import { assertEquals } from "@std/assert";
import type { Target } from "../../lib/engine/engine.ts";
import { mysql } from "../../lib/mysql/mod.ts";
import { postgresql } from "../../lib/postgresql/mod.ts";
import { resolveSource } from "../../lib/rds/source/source.ts";
import { shareSnapshot } from "../../lib/rds/snapshot/share_and_prune.ts";
import { untilLoggedIn, Workspace } from "../../lib/rds/workspace/workspace.ts";
import { never, openLab, proofFor } from "./local.ts";
import { friend, readBack } from "./run.ts";

const engines = [
  { engine: postgresql, rdsEngine: "postgres" },
  { engine: mysql, rdsEngine: "mysql" },
] as const;

for (const { engine, rdsEngine } of engines) {
  Deno.test(`a workspace of ${engine.name} is restored, secured, logged in to, and ends as a shared snapshot`, async () => {
    await using lab = await openLab({ servers: true }, 8, rdsEngine);
    const { local, rds } = lab;
    const source = await resolveSource(
      rds,
      { engine: engine.name, kind: "instance", value: "prod" },
      { overrides: {} },
      never,
    );
    const options = lab.options({ timeout: 60_000, pollInterval: 20 });
    await using workspace = await Workspace.restore(rds, source, options, never);
    const target: Target = { ...await workspace.secure(never), ca: local.ca };
    await untilLoggedIn(
      () => engine.login(target, never),
      engine.loginObstacle,
      { settings: { timeout: 30_000, pollInterval: 20 }, log: lab.notes },
      never,
    );
    const snapshot = await workspace.finalise(proofFor(workspace.resourceId), never);
    await shareSnapshot(rds, snapshot, [friend], readBack, never);
    await lab.settled();
    assertEquals([local.workspaces(), local.made(), local.shares()], [[], [snapshot.id], { [snapshot.id]: [friend] }]);
  });
}
