/** The demonstration: production, the real command line, and a look into what came out of it. @module */

import { snapshotName, workspaceName } from "../../lib/rds/api/names.ts";
import { applications, fillLifelike } from "../../tests/fixtures/lifelike.ts";
import { createDatabase } from "../../tests/fixtures/server_database.ts";
import { type LocalRds, startLocalRds } from "../local_rds/local_rds.ts";
import { look } from "./look.ts";
import { say, title } from "./say.ts";

const role = "application";
const receiver = "123456789012";
const productions = [
  {
    id: "govuk-postgresql-primary",
    engine: "postgres",
    flag: "--postgresql-instances",
    holds: ["email-alert-api", "publishing-api"],
  },
  { id: "govuk-mysql-primary", engine: "mysql", flag: "--mysql-instances", holds: ["whitehall"] },
] as const;

async function main(scale: number): Promise<number> {
  const began = performance.now();
  await using rds = await startLocalRds();
  await using stopped = stopOnSignal();

  title("Two production instances with invented data");
  const now = new Date();
  for (const production of productions) await addProduction(rds, production, scale, now);

  title("Snapshots that earlier runs left");
  for (const production of productions) {
    for (const daysAgo of [1, 2, 3]) addEarlier(rds, production, new Date(now.getTime() - daysAgo * 86_400_000));
  }

  const args = [
    ...productions.flatMap(({ flag, id }) => [flag, id]),
    ...["--share-with", receiver, "--snapshot-retention", "2", "--poll-interval", "0.5", "--tls-ca", rds.caFile],
    ...["--report", ".tools/demo/report.json", "--report-html", ".tools/demo/report.html"],
  ];
  await Deno.mkdir(".tools/demo", { recursive: true });
  title(`datascrubber ${args.join(" ")}`);
  const program = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--no-prompt",
      new URL("../../main.ts", import.meta.url).pathname,
      ...args,
      "--log-mode",
      "console",
    ],
    env: rds.environment,
    stdin: "null",
  }).spawn();
  stopped.forward(program);
  const { code } = await program.status;
  if (code !== 0) return code;

  const made = rds.made();
  for (const { id, engine, holds } of productions) {
    const before = rds.snapshots().find(({ instanceId, type }) => instanceId === id && type === "automated")?.id;
    const after = made.find((name) => name.startsWith(`scrubbed-${id}-`));
    if (before === undefined || after === undefined) {
      throw new Error(`Cannot look into the snapshots of ${id}: one is missing`);
    }
    await look(rds, { id, engine, databases: holds.map((name) => applications[name]), before, after });
  }

  title("What is in RDS now");
  for (const { id, type } of rds.snapshots()) say(`snapshot ${id} (${type})${sharedWith(rds, id)}`);
  for (const { id } of rds.instances()) say(`instance ${id}`);
  say("the report: .tools/demo/report.html, and for programs .tools/demo/report.json");
  say(`in all ${((performance.now() - began) / 1000).toFixed(0)} seconds`);
  return 0;
}

async function addProduction(
  rds: LocalRds,
  { id, engine, holds }: (typeof productions)[number],
  scale: number,
  now: Date,
): Promise<void> {
  await rds.addProduction({
    id,
    engine,
    applications: engine === "postgres" ? [role] : [],
    prepare: async (server) => {
      for (const name of holds) {
        const { database, schema } = applications[name];
        const db = await createDatabase(server, schema, database, engine === "postgres" ? role : undefined);
        // The snapshot is an hour old; the data before it.
        await fillLifelike(db, name, { scale, asOf: new Date(now.getTime() - 3_600_000) });
        say(`${id}: ${database}`);
      }
    },
  });
}

/** Untagged, as the original left them: pruning counts them by their names. */
function addEarlier(rds: LocalRds, { id, engine }: (typeof productions)[number], time: Date): void {
  const source = { rdsEngine: engine, name: id };
  const name = snapshotName(source, time);
  const data = rds.snapshots().find(({ instanceId }) => instanceId === id);
  rds.addSnapshot({
    id: name,
    instance: workspaceName(source),
    ...(data && { dataOf: data.id }),
    type: "manual",
    createTime: time,
    originalCreateTime: time,
    production: false,
  });
  say(name);
}

function sharedWith(rds: LocalRds, id: string): string {
  const accounts = rds.shares()[id];
  return accounts ? `, shared with ${accounts.join(", ")}` : "";
}

/** Ctrl-C reaches the program that runs; the demonstration itself then ends in order, and so do its servers. */
function stopOnSignal(): { forward(program: Deno.ChildProcess): void } & AsyncDisposable {
  let program: Deno.ChildProcess | undefined;
  let asked = false;
  const pass = () => {
    asked = true;
    try {
      program?.kill("SIGTERM");
    } catch {
      // It has ended by itself.
    }
  };
  for (const name of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(name, pass);
  return {
    forward(running) {
      program = running;
      if (asked) pass();
    },
    [Symbol.asyncDispose]() {
      for (const name of ["SIGINT", "SIGTERM"] as const) Deno.removeSignalListener(name, pass);
      return Promise.resolve();
    },
  };
}

if (import.meta.main) Deno.exitCode = await main(Number(Deno.args[0] ?? "1"));
