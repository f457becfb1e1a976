/** Whose an instance under a workspace's name is. @module */

import { assert, assertEquals } from "@std/assert";
import { tag } from "../../../lib/rds/api/names.ts";
import { ownershipOf, readOwnership } from "../../../lib/rds/ownership/ownership.ts";
import { never, openLab } from "../local.ts";

const source = { rdsEngine: "postgres", name: "prod" } as const;
const now = new Date("2026-11-24T12:00:00.000Z");
const ours = {
  [tag.tool]: "scrubber",
  [tag.run]: "run-0",
  [tag.source]: "prod",
  [tag.heartbeat]: "2026-11-24T11:50:00.000Z",
  [tag.heartbeatSeconds]: "300",
};

Deno.test("ownershipOf() tells workspaces of runs alive, dead and foreign apart", async (t) => {
  await using lab = await openLab();
  const instance = await lab.rds.instance("prod", never);
  assert(instance);
  for (
    const { name, tags, status = "available", kind } of [
      { name: "a heartbeat two intervals old", tags: {}, kind: "alive" },
      { name: "four intervals old", tags: { [tag.heartbeat]: "2026-11-24T11:40:00.000Z" }, kind: "dead" },
      {
        name: "long intervals of its own",
        tags: { [tag.heartbeat]: "2026-11-24T11:40:00.000Z", [tag.heartbeatSeconds]: "1800" },
        kind: "alive",
      },
      { name: "fractions of a second", tags: { [tag.heartbeatSeconds]: "0.5" }, kind: "dead" },
      { name: "a clock that is ahead", tags: { [tag.heartbeat]: "2026-11-24T12:10:00.000Z" }, kind: "alive" },
      { name: "no time for a heartbeat", tags: { [tag.heartbeat]: "soon" }, kind: "foreign" },
      { name: "no interval", tags: { [tag.heartbeatSeconds]: "0" }, kind: "foreign" },
      { name: "another source", tags: { [tag.source]: "prod-2" }, kind: "foreign" },
      { name: "another tool", tags: { [tag.tool]: "else" }, kind: "foreign" },
      { name: "being deleted", tags: { [tag.tool]: "else" }, status: "deleting", kind: "deleting" },
    ] as const
  ) {
    await t.step(name, () => {
      const ownership = ownershipOf(
        { ...instance, status, tags: new Map(Object.entries({ ...ours, ...tags })) },
        source.name,
        now,
      );
      assertEquals(ownership.kind, kind);
    });
  }
});

Deno.test("readOwnership() without an instance is none", async () => {
  await using lab = await openLab();
  assertEquals(await readOwnership(lab.rds, source, never), { kind: "none" });
});
