/** The main job with an executable in a bare root; started in a network of its own. Prints the outcome as JSON. @module */

import { startProgramAt } from "./started.ts";
import { instances, leftIn, receiver, stageWithProduction } from "../end_to_end/stage.ts";
import { bareRoot, inBareRoot } from "./bare_root.ts";

/** What came of the job. */
export interface Job {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly workspaces: readonly string[];
  readonly shares: Readonly<Record<string, readonly string[]>>;
  /** As in `Started`. */
  readonly memory: number;
}

async function job(executable: string, engines: readonly ("mysql" | "postgresql")[]): Promise<Job> {
  await using rds = await stageWithProduction(engines);
  await using root = await bareRoot(executable, { "ca.pem": rds.ca });
  const args = [
    ...engines.flatMap((engine) => [`--${engine}-instances`, instances[engine]]),
    ...["--share-with", receiver, "--tls-ca", "/ca.pem", "--poll-interval", "0.02", "--log-mode", "console"],
  ];
  // As the units run it: memory that threads keep for themselves differs from run to run.
  const environment = { ...rds.environment, MALLOC_ARENA_MAX: "1" };
  const outcome = await startProgramAt(inBareRoot(root.path, args, environment));
  const { workspaces, shares } = await leftIn(rds);
  return { ...outcome, workspaces, shares };
}

if (import.meta.main) {
  const [executable = "", ...engines] = Deno.args;
  const known = (["mysql", "postgresql"] as const).filter((engine) => engines.includes(engine));
  const outcome = await job(executable, known);
  await Deno.stdout.write(new TextEncoder().encode(JSON.stringify(outcome)));
}
