/** The states of a snapshot, what they allow, and that no other file decides it. @module */

import { assert, assertEquals } from "@std/assert";
import { copyName, runTags, snapshotName, tag, workspaceName } from "../../../lib/rds/api/names.ts";
import type { Snapshot } from "../../../lib/rds/api/records.ts";
import { instanceStates } from "../../../lib/rds/states/instance.ts";
import {
  type ClassifiedSnapshot,
  classifySnapshot,
  isFinalOf,
  isOwnLeftover,
  type OwnSnapshots,
  proofState,
  type SnapshotState,
  snapshotStates,
} from "../../../lib/rds/states/snapshot.ts";
import { never, openLab } from "../local.ts";
import { assertInReadme, markdownTable } from "../tables.ts";

const source = { rdsEngine: "postgres", name: "prod" } as const;
const workspace = workspaceName(source);
const now = new Date("2026-11-24T12:00:00.000Z");
const id = snapshotName(source, now);
const copy = copyName(source, "run-0");
const alive = runTags(source, "run-0", 300_000, now);
const dead = runTags(source, "run-0", 300_000, new Date("2026-11-24T11:40:00.000Z"));
const proven = { ...dead, [tag.proof]: "d1635700" };
const { [tag.heartbeat]: _, ...withoutHeartbeat } = dead;

interface Case {
  readonly name: string;
  readonly tags?: Record<string, string>;
  readonly more?: Partial<Snapshot>;
  readonly state: SnapshotState;
  readonly form?: ClassifiedSnapshot["name"];
}

const cases: readonly Case[] = [
  { name: "being created", tags: alive, more: { status: "creating" }, state: "in progress" },
  { name: "available, not tagged yet", tags: alive, state: "in progress" },
  { name: "being deleted by a living run", tags: alive, more: { status: "deleting" }, state: "in progress" },
  { name: "failed for a living run", tags: alive, more: { status: "failed" }, state: "in progress" },
  {
    name: "a living run's copy",
    tags: alive,
    more: { id: copy, instance: "prod" },
    state: "in progress",
    form: "copy",
  },
  { name: "a dead run's", tags: dead, state: "abandoned" },
  { name: "a dead run's that failed", tags: dead, more: { status: "failed" }, state: "abandoned" },
  { name: "a dead run's copy", tags: dead, more: { id: copy, instance: "prod" }, state: "abandoned", form: "copy" },
  { name: "taken of a dead run's workspace by hand", tags: dead, more: { id: "x" }, state: "abandoned", form: "other" },
  { name: "a dead run's that RDS is deleting", tags: dead, more: { status: "deleting" }, state: "deleting" },
  { name: "without a heartbeat", tags: withoutHeartbeat, state: "unattributed" },
  { name: "with a run's tag alone", tags: { [tag.run]: "run-0" }, state: "unattributed" },
  { name: "with an empty proof", tags: { ...dead, [tag.proof]: "" }, state: "unattributed" },
  { name: "with an empty proof and no run", tags: { [tag.proof]: "" }, state: "unattributed" },
  { name: "with a proof alone", tags: { [tag.proof]: "d1635700" }, state: "unattributed" },
  { name: "not shared yet", tags: { ...proven, [tag.share]: "wanted" }, state: "unshared" },
  { name: "shared", tags: { ...proven, [tag.share]: "done" }, state: "verified" },
  { name: "of a run without accounts", tags: proven, state: "verified" },
  {
    name: "verified, being created by a living run",
    tags: { ...alive, [tag.proof]: "d1635700" },
    more: { status: "creating" },
    state: "in progress",
  },
  { name: "verified, being created, of a dead run", tags: proven, more: { status: "creating" }, state: "awaited" },
  {
    name: "with an empty proof, being created, of a dead run",
    tags: { ...dead, [tag.proof]: "" },
    more: { status: "creating" },
    state: "pending",
  },
  {
    name: "with a proof, being created, of no source",
    tags: { [tag.tool]: "scrubber", [tag.run]: "run-0", [tag.proof]: "d1635700" },
    more: { status: "creating" },
    state: "pending",
  },
  { name: "verified while its run lives", tags: { ...alive, [tag.proof]: "d1635700" }, state: "verified" },
  { name: "verified, copied by hand", tags: proven, more: { id: "x" }, state: "verified", form: "other" },
  { name: "without tags", state: "untagged" },
  { name: "with the tool's tag alone", tags: { [tag.tool]: "scrubber" }, state: "untagged" },
  { name: "verified, not available", tags: proven, more: { status: "upgrading" }, state: "pending" },
  { name: "without tags, not available", more: { status: "creating" }, state: "pending" },
  { name: "verified, failed", tags: proven, more: { status: "failed" }, state: "failed" },
  { name: "without tags, failed", more: { status: "incompatible-restore" }, state: "failed" },
  { name: "verified, being deleted", tags: proven, more: { status: "deleting" }, state: "deleting" },
  { name: "another tool's", tags: { ...proven, [tag.tool]: "else" }, state: "foreign" },
  { name: "automated", tags: proven, more: { type: "automated" }, state: "foreign" },
  { name: "production's own", tags: {}, more: { id: "x", instance: "prod" }, state: "foreign", form: "other" },
  {
    name: "a dead run's tags on production's",
    tags: dead,
    more: { id: "x", instance: "prod" },
    state: "unattributed",
    form: "other",
  },
  {
    name: "of another workspace",
    more: { id: snapshotName({ ...source, name: "other" }, now) },
    state: "foreign",
    form: "similar",
  },
  { name: "of another source by its tag", tags: { [tag.source]: "other" }, state: "foreign", form: "similar" },
];

async function snapshotOf({ tags = {}, more = {} }: Pick<Case, "tags" | "more">): Promise<Snapshot> {
  await using lab = await openLab();
  const [first] = await lab.rds.snapshots({ instance: "prod", type: "automated" }, never);
  assert(first);
  const record = { ...first, id, instance: workspace, type: "manual", status: "available", resourceId: "db-W" };
  return { ...record, tags: new Map(Object.entries(tags)), ...more };
}

Deno.test("classifySnapshot() tells every state from tags, names and status", async (t) => {
  for (const one of cases) {
    await t.step(one.name, async () => {
      const found = classifySnapshot(await snapshotOf(one), now);
      assertEquals([found.state, found.name], [one.state, one.form ?? "final"]);
      assertEquals(isFinalOf(found, source), found.name === "final");
    });
  }
});

Deno.test("every state has a case", () => {
  assertEquals(new Set(cases.map(({ state }) => state)), new Set(Object.keys(snapshotStates)));
});

Deno.test("only what has a proof is shared, and only what has none is deleted as a leftover", () => {
  const all: Readonly<Record<string, { nextRun: string; sweep: string; tie: boolean; share: boolean }>> =
    snapshotStates;
  for (const [state, rules] of Object.entries(all)) {
    const hasProof = state === "unshared" || state === "verified";
    assertEquals(rules.share, hasProof, state);
    assertEquals(rules.tie, hasProof || state === "awaited", state);
    if (rules.nextRun === "share") assert(rules.share, state);
    if (rules.nextRun === "await") assertEquals(state, "awaited");
    if (rules.nextRun === "delete" || rules.sweep === "delete") assertEquals(state, "abandoned");
  }
});

Deno.test("isOwnLeftover() takes only a run's own snapshot without proof", async (t) => {
  const own: OwnSnapshots = { runId: "run-0", workspace };
  for (
    const { name, tags = dead, more, of = own, yes } of [
      { name: "its final one", yes: true },
      { name: "its copy", more: { id: copy, instance: "prod" }, yes: true },
      { name: "without tags yet, of its instance", tags: {}, of: { ...own, resourceId: "db-W" }, yes: true },
      { name: "with a proof that is not its", tags: proven, of: { ...own, disproven: true }, yes: true },
      { name: "with a proof", tags: proven, yes: false },
      { name: "with an empty proof", tags: { ...dead, [tag.proof]: "" }, yes: false },
      { name: "another run's", of: { ...own, runId: "run-1" }, yes: false },
      { name: "another tool's", tags: { ...dead, [tag.tool]: "else" }, yes: false },
      { name: "of an instance that is not known", tags: {}, yes: false },
      { name: "of another instance", more: { instance: "prod" }, yes: false },
      { name: "automated", more: { type: "automated" }, yes: false },
    ] satisfies readonly (Omit<Case, "state"> & { of?: OwnSnapshots; yes: boolean })[]
  ) {
    await t.step(name, async () => assertEquals(isOwnLeftover(await snapshotOf({ tags, more }), of), yes));
  }
});

Deno.test("proofState() tells how far the proof's tag is", async (t) => {
  const expected = { resourceId: "db-W", digest: "d1635700" };
  for (
    const { tags, more, state } of [
      { tags: alive, state: "tag pending" },
      { tags: proven, state: "verified" },
      { tags: proven, more: { status: "modifying" }, state: "snapshot not available" },
      { tags: proven, more: { resourceId: "db-OTHER" }, state: "other instance" },
      { tags: { ...proven, [tag.proof]: "0badf00d" }, state: "other proof" },
      { tags: { ...proven, [tag.proof]: "" }, state: "other proof" },
    ] as const
  ) {
    await t.step(state, async () => assertEquals(proofState(await snapshotOf({ tags, more }), expected), state));
  }
  await t.step("snapshot absent", () => assertEquals(proofState(undefined, expected), "snapshot absent"));
});

/** Files that read a tag: where another one appears, its rule belongs into `lib/rds/states`. */
const readers: Readonly<Record<string, readonly string[]>> = {
  proof: ["states/snapshot.ts"],
  share: ["states/snapshot.ts"],
  tool: ["states/owner.ts", "states/snapshot.ts"],
  heartbeatSeconds: ["states/owner.ts"],
  // To show it.
  heartbeat: ["snapshot/overview.ts", "states/owner.ts"],
  run: [
    ...["snapshot/evidence_tag.ts", "snapshot/overview.ts"], // to show it
    ...["states/instance.ts", "states/owner.ts", "states/snapshot.ts"],
    "workspace/make_instance.ts", // to name it in an error
  ],
  // make_instance.ts holds a new instance against what it asked for.
  source: [
    ...["states/instance.ts", "states/owner.ts", "states/snapshot.ts", "states/successor.ts"],
    "workspace/make_instance.ts",
  ],
};

Deno.test("a tag is read where the states are told, and nowhere else", async () => {
  const found: Record<string, string[]> = {};
  const root = new URL("../../../lib/", import.meta.url);
  async function walk(folder: URL): Promise<void> {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      const file = new URL(isDirectory ? `${name}/` : name, folder);
      if (isDirectory) await walk(file);
      else if (name.endsWith(".ts")) {
        const text = await Deno.readTextFile(file);
        const path = file.pathname.slice(root.pathname.length).replace(/^rds\//, "");
        for (const [, key = ""] of text.matchAll(/\.(?:get|has)\(tag\.(\w+)/g)) (found[key] ??= []).push(path);
        if (text.includes("datascrubber:") && /datascrubber:(proof|share|run|heartbeat)"/.test(text)) {
          assertEquals(path, "api/names.ts", "names of tags");
        }
      }
    }
  }
  await walk(root);
  for (const [key, files] of Object.entries(readers)) {
    assertEquals([...new Set(found[key])].toSorted(), files.toSorted(), key);
  }
});

Deno.test("lib/rds/README.md has the tables of states", async () => {
  const table = (states: Readonly<Record<string, object>>) => {
    const columns = Object.keys(Object.values(states)[0] ?? {});
    const rows = Object.entries(states).map(([state, rules]) => [`\`${state}\``, ...Object.values(rules).map(cell)]);
    return markdownTable(["state", ...columns], rows);
  };
  await assertInReadme("states", `${table(snapshotStates)}\n${table(instanceStates)}`);
});

function cell(value: unknown): string {
  return value === true ? "yes" : value === false ? "no" : value === undefined ? "" : String(value);
}
