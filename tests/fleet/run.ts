/** Runs a fleet of test workers and keeps what was heard. @module */

import type { Settings } from "../../lib/cli/settings.ts";
import type { Patience, Remark } from "../../lib/fleet/converse.ts";
import { type Outcome, runFleet } from "../../lib/fleet/fleet.ts";
import { settingsWith } from "../fixtures/settings.ts";

/** What a test may want otherwise. */
export interface Wishes {
  readonly createWorker?: () => Worker;
  readonly patience?: Partial<Patience>;
  readonly settings?: Partial<Settings>;
  readonly signal?: AbortSignal;
  /** Called at each remark, with `source: what`. */
  readonly onRemark?: (text: string) => void;
}

/** What came of it. */
export interface Heard {
  readonly outcomes: readonly Outcome[];
  /** Each as `source: what`, in order. */
  readonly remarks: readonly string[];
  readonly granted: readonly string[];
  /** The sources in the order in which they ended. */
  readonly ended: readonly string[];
}

/** Runs one scripted source a name. */
export async function runScripts(names: readonly string[], wishes: Wishes = {}): Promise<Heard> {
  const remarks: string[] = [];
  const granted: string[] = [];
  const ended: string[] = [];
  const outcomes = await runFleet({
    settings: { ...settingsFor(names), ...wishes.settings },
    runId: "run-1",
    key: new Uint8Array(32),
    createWorker: wishes.createWorker ?? scripted,
    patience: { pulse: 1000, missed: 60, stop: 60_000, ...wishes.patience },
    watcher: {
      remark({ value }, remark) {
        const text = `${value}: ${textOf(remark)}`;
        remarks.push(text);
        wishes.onRemark?.(text);
      },
      granted: (_request, workspace) => void granted.push(workspace),
      ended: ({ request }) => void ended.push(request.value),
    },
  }, wishes.signal ?? new AbortController().signal);
  return { outcomes, remarks, granted, ended };
}

/** A worker that does what its source's name says. */
export function scripted(): Worker {
  return worker("scripted.ts");
}

/** One of the test workers. */
export function worker(file: string): Worker {
  return new Worker(new URL(`./workers/${file}`, import.meta.url), { type: "module" });
}

/** Makes the given workers first and scripted ones after them. */
export function first(...files: string[]): () => Worker {
  const left = [...files];
  return () => worker(left.shift() ?? "scripted.ts");
}

function textOf(remark: Remark): string {
  switch (remark.type) {
    case "phase":
      return remark.phase;
    case "log":
      return remark.record.message;
    case "progress":
      return remark.progress.what;
    case "begun":
      return remark.snapshot;
    case "claim":
      return `claim ${remark.workspace}`;
    default:
      return remark satisfies never;
  }
}

function settingsFor(names: readonly string[]): Settings {
  return settingsWith({ sources: names.map((value) => ({ engine: "postgresql", kind: "instance", value })) });
}
