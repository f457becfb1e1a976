/** What counts as a message of a worker. @module */

import { assertEquals } from "@std/assert";
import { isMessage } from "../../lib/fleet/protocol.ts";

const report = {
  engine: "mysql",
  requested: "whitehall",
  databases: [],
  phases: [{ phase: "resolve", started: 1 }],
  sharedWith: [],
  pruned: [],
  warnings: [],
};
const review = {
  engine: "mysql",
  database: "blog",
  scrubber: "blog",
  accounted: { ruled: 1, structural: 0, computed: 0, reviewed: 0 },
  milliseconds: 1,
  findings: [{ what: "a.b text", why: "new", entry: { table: "a" }, samples: ["x"] }],
};
const outline = {
  engine: "mysql",
  database: "blog",
  fate: "scrubbed",
  tables: [{ table: "a", rows: 1, columns: [{ column: "b", strategy: "lorem" }] }],
  removed: [],
};
const failure = { kind: "failed", code: "unexpected", message: "Cannot: why", hint: "Do.", also: [] };

for (
  const message of [
    { type: "pong" },
    { type: "phase", phase: "scrub" },
    { type: "progress", progress: { what: "emails", share: 0.5 } },
    { type: "log", record: { level: 20, time: 1, message: "text" } },
    { type: "claim", source: "whitehall", workspace: "scrubber-mysql-1" },
    { type: "snapshot", snapshot: "scrubbed-whitehall-1" },
    { type: "done", report },
    {
      type: "done",
      report: { ...report, restored: { snapshot: "rds:1", asOf: "2026-01-01T00:00:00.000Z" }, snapshot: "s" },
    },
    { type: "failed", report, failure: { ...failure, also: [failure] } },
    { type: "done", report: { ...report, plan: [outline] } },
    { type: "answered", answer: { type: "reviewed", review } },
    { type: "answered", answer: { type: "planned", outline, review } },
  ]
) {
  Deno.test(`isMessage() accepts ${JSON.stringify(message)}`, () => {
    assertEquals(isMessage(message), true);
  });
}

for (
  const nonsense of [
    null,
    "done",
    [],
    {},
    { type: "finished" },
    { type: "toString" },
    { type: "phase", phase: "toString" },
    { type: "phase" },
    { type: "progress", progress: { what: "emails", share: "half" } },
    { type: "progress", progress: { what: "emails", share: NaN } },
    { type: "log", record: { level: 20, time: 1, message: { text: "text" } } },
    { type: "claim", source: "whitehall", workspace: "" },
    { type: "claim", source: "whitehall" },
    { type: "snapshot", snapshot: "" },
    { type: "done" },
    { type: "done", report: { ...report, engine: "oracle" } },
    { type: "done", report: { ...report, phases: [{ phase: "resolve" }] } },
    { type: "done", report: { ...report, snapshot: 1 } },
    { type: "done", report: { ...report, pruned: [1] } },
    { type: "failed", report },
    { type: "failed", report, failure: { ...failure, kind: "fine" } },
    { type: "failed", report, failure: { ...failure, also: ["text"] } },
    { type: "answered", answer: { type: "reviewed", review: { ...review, findings: [{ what: "a.b text" }] } } },
    { type: "answered", answer: { type: "planned", review, outline: { ...outline, tables: [{ table: "a" }] } } },
    { type: "done", report: { ...report, plan: [{ ...outline, fate: 1 }] } },
  ]
) {
  Deno.test(`isMessage() refuses ${JSON.stringify(nonsense)}`, () => {
    assertEquals(isMessage(nonsense), false);
  });
}
