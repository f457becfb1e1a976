/**
 * The local RDS as a program: reads its configuration from a file, prints the environment to export, and runs until it is
 * stopped. `deno run -A scripts/local_rds/main.ts [FILE.json]`
 *
 * The file: `{ "port": …, "productions": [{ "id": …, "engine": …, "dataDir": … }], "snapshots": […], "latencies": {…},
 * "faults": [{ "action": …, "nth": …, "what": … }] }`, all as in `local_rds.ts`.
 *
 * @module
 */
import { type LocalRdsOptions, startLocalRds } from "./local_rds.ts";
import type { MoreSnapshot, Production } from "./production.ts";

interface Rules extends LocalRdsOptions {
  readonly productions?: readonly Production[];
  readonly snapshots?: readonly MoreSnapshot[];
}

async function main(file?: string): Promise<void> {
  const rules: Rules = file === undefined ? {} : JSON.parse(await Deno.readTextFile(file), withDates);
  const stopped = Promise.withResolvers<void>();
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, stopped.resolve);
  await using rds = await startLocalRds(rules);
  for (const production of rules.productions ?? []) await rds.addProduction(production);
  for (const snapshot of rules.snapshots ?? []) rds.addSnapshot(snapshot);
  const lines = Object.entries(rds.environment).map(([name, value]) => `export ${name}='${value}'\n`);
  await print([...lines, `# TLS: --tls-ca '${rds.caFile}'. Stop with Ctrl-C.\n`].join(""));
  await stopped.promise;
}

/** Times are written as in RDS's answers. */
function withDates(name: string, value: unknown): unknown {
  return /Time$/.test(name) && typeof value === "string" ? new Date(value) : value;
}

async function print(text: string): Promise<void> {
  const writer = Deno.stdout.writable.getWriter();
  await writer.write(new TextEncoder().encode(text));
  writer.releaseLock();
}

if (import.meta.main) await main(Deno.args[0]);
