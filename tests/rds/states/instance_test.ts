/** The states of an instance under a workspace's name. @module */

import { assert, assertEquals } from "@std/assert";
import { restoredName, tag, workspaceName } from "../../../lib/rds/api/names.ts";
import { classifyInstance, readInstanceStates } from "../../../lib/rds/states/instance.ts";
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

Deno.test("classifyInstance() tells every state of an instance from its tags, its name and its status", async (t) => {
  await using lab = await openLab();
  const instance = await lab.rds.instance("prod", never);
  assert(instance);
  for (
    const { name, tags, status = "available", id = workspaceName(source), state } of [
      { name: "a heartbeat two intervals old", tags: {}, state: "in progress" },
      { name: "four intervals old", tags: { [tag.heartbeat]: "2026-11-24T11:40:00.000Z" }, state: "abandoned" },
      {
        name: "long intervals of its own",
        tags: { [tag.heartbeat]: "2026-11-24T11:40:00.000Z", [tag.heartbeatSeconds]: "1800" },
        state: "in progress",
      },
      { name: "fractions of a second", tags: { [tag.heartbeatSeconds]: "0.5" }, state: "abandoned" },
      { name: "a clock that is ahead", tags: { [tag.heartbeat]: "2026-11-24T12:10:00.000Z" }, state: "in progress" },
      { name: "no time for a heartbeat", tags: { [tag.heartbeat]: "soon" }, state: "foreign" },
      { name: "no interval", tags: { [tag.heartbeatSeconds]: "0" }, state: "foreign" },
      { name: "MySQL's name", tags: {}, id: workspaceName({ ...source, rdsEngine: "mysql" }), state: "in progress" },
      { name: "the name of one that is rebuilt", tags: {}, id: restoredName(source), state: "in progress" },
      { name: "another name", tags: {}, id: "restored-by-hand", state: "foreign" },
      { name: "another source", tags: { [tag.source]: "prod-2" }, state: "foreign" },
      { name: "another tool", tags: { [tag.tool]: "else" }, state: "foreign" },
      { name: "being deleted", tags: { [tag.tool]: "else" }, status: "deleting", state: "deleting" },
    ] as const
  ) {
    await t.step(name, () => {
      const found = { ...instance, id, status, tags: new Map(Object.entries({ ...ours, ...tags })) };
      assertEquals(classifyInstance(found, now).state, state);
    });
  }
});

Deno.test("readInstanceStates() looks for the workspace, and for one from which it is rebuilt", async () => {
  await using lab = await openLab();
  const absent = { state: "absent", runId: "", source: "" } as const;
  assertEquals(await readInstanceStates(lab.rds, source, never), [
    { name: workspaceName(source), ...absent },
    { name: restoredName(source), ...absent },
  ]);
});
