/** Metrics of a run for node_exporter's textfile collector. @module */

import type { RunReport, SourceOutcome } from "../core/report.ts";

/** A metric, with its samples for a source. */
export interface Metric {
  readonly name: string;
  readonly help: string;
  samples(source: SourceOutcome, ended: number): readonly (readonly [labels: Labels, value: number])[];
}

type Labels = Readonly<Record<string, string>>;

const lastSuccess = "datascrubber_last_success_timestamp_seconds";

/** The metrics of a run. */
export const metrics: readonly Metric[] = [
  {
    name: lastSuccess,
    help: "When a source was last scrubbed, shared and pruned.",
    samples: ({ failure }, ended) => failure === undefined ? [[{}, ended]] : [],
  },
  {
    name: "datascrubber_last_run_timestamp_seconds",
    help: "When a source's last run ended, however it ended.",
    samples: (_, ended) => [[{}, ended]],
  },
  {
    name: "datascrubber_last_run_success",
    help: "Whether a source's last run did all that it was asked.",
    samples: ({ failure }) => [[{}, failure === undefined ? 1 : 0]],
  },
  {
    name: "datascrubber_phase_duration_seconds",
    help: "How long each phase of the last run took.",
    samples: ({ phases }) =>
      phases.map(({ phase, started, ended = started }) => [{ phase }, Math.max(0, ended - started) / 1000]),
  },
  {
    name: "datascrubber_rows",
    help: "Rows that the last run changed, deleted, or left in the tables that rules name.",
    samples: ({ databases }) =>
      databases.filter(({ fate }) => fate === "scrubbed").flatMap(({ database, tables }) =>
        ([
          ["changed", sum(tables.map(({ rowsChanged }) => rowsChanged))],
          ["deleted", sum(tables.map(({ rowsDeleted }) => rowsDeleted))],
          ["left", sum(tables.map(({ rowsLeft = 0 }) => rowsLeft))],
        ] as const).map(([outcome, rows]) => [{ database, outcome }, rows] as const)
      ),
  },
  {
    name: "datascrubber_table_bytes",
    help: "Bytes on disk, before the last run, of the tables that rules name.",
    samples: ({ databases }) =>
      databases.filter(({ fate }) => fate === "scrubbed")
        .map(({ database, tables }) => [{ database }, sum(tables.map(({ bytes = 0 }) => bytes))]),
  },
  {
    name: "datascrubber_exported_bytes",
    help: "Bytes of the compressed dumps that the last run put into S3.",
    samples: ({ exports = [] }) => exports.map(({ database, bytes }) => [{ database }, bytes]),
  },
  {
    name: "datascrubber_source_snapshot_age_seconds",
    help: "How old the restored snapshot's data was when the last run began.",
    samples: ({ restored }) => restored?.ageSeconds === undefined ? [] : [[{}, restored.ageSeconds]],
  },
  {
    name: "datascrubber_orphans",
    help: "Workspaces of dead runs that the last run found.",
    samples: ({ orphans = [] }) => [[{}, orphans.length]],
  },
];

/**
 * The text of the file. `earlier`: its text before; for sources without success now the last success is kept, so that its age
 * grows through failed runs. https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function metricsText(report: RunReport, earlier = ""): string {
  const ended = Date.parse(report.ended) / 1000;
  return metrics.map(({ name, help, samples }) => {
    const lines = new Map<string, string>();
    if (name === lastSuccess) {
      for (const [line, series = ""] of earlier.matchAll(kept)) lines.set(series, line);
    }
    for (const source of report.sources) {
      for (const [labels, value] of samples(source, ended)) {
        const series = name + formatLabels({ source: source.requested, engine: source.engine, ...labels });
        lines.set(series, `${series} ${value}`);
      }
    }
    if (lines.size === 0) return "";
    return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${[...lines.values()].join("\n")}\n`;
  }).join("");
}

/** A sample of the last success, as this program writes it. */
const kept = new RegExp(`^(${lastSuccess}\\{(?:[^"{}\\n]|"(?:[^"\\\\\\n]|\\\\.)*")*\\}) [0-9.]+$`, "gm");

function formatLabels(labels: Labels): string {
  return `{${Object.entries(labels).map(([name, value]) => `${name}="${escape(value)}"`).join(",")}}`;
}

function escape(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
