/** Runs a fleet of test workers and keeps what was heard. @module */

import type { Settings } from "../../lib/core/settings.ts";
import type { WorkerEvent, WorkerTimeouts } from "../../lib/fleet/worker_channel.ts";
import { type Outcome, runFleet } from "../../lib/fleet/fleet.ts";
import { settingsWith } from "../fixtures/settings.ts";

/** What a test may want otherwise. */
export interface Wishes {
  readonly createWorker?: () => Worker;
  readonly timeouts?: Partial<WorkerTimeouts>;
  /** From this event on a silent worker soon counts as lost; before it one may take long to start on a busy machine. */
  readonly lostAfter?: string;
  readonly settings?: Partial<Settings>;
  readonly signal?: AbortSignal;
  /** Called at each event, with `source: what`. */
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
  const timeouts = { pulse: wishes.lostAfter ? 20 : 1000, missed: wishes.lostAfter ? Infinity : 60, stop: 60_000 };
  const outcomes = await runFleet({
    started: new Date(),
    settings: { ...settingsFor(names), ...wishes.settings },
    runId: "run-1",
    key: new Uint8Array(32),
    createWorker: wishes.createWorker ?? scripted,
    timeouts: Object.assign(timeouts, wishes.timeouts),
    watcher: {
      event({ value }, event) {
        const text = `${value}: ${textOf(event)}`;
        remarks.push(text);
        if (wishes.lostAfter !== undefined && text.endsWith(wishes.lostAfter)) timeouts.missed = 50;
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

function textOf(event: WorkerEvent): string {
  switch (event.type) {
    case "phase":
      return event.phase;
    case "log":
      return event.record.message;
    case "progress":
      return event.progress.what;
    case "snapshot":
      return event.snapshot;
    case "claim":
      return `claim ${event.workspace}`;
    default:
      return event satisfies never;
  }
}

function settingsFor(names: readonly string[]): Settings {
  return settingsWith({ sources: names.map((value) => ({ engine: "postgresql", kind: "instance", value })) });
}
