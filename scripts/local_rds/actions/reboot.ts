/** RebootDBInstance: shuts the server down cleanly and starts it again. @module */
import type { Parameters, Xml } from "../query.ts";
import { startMember } from "./members.ts";
import { instanceShape } from "./shapes.ts";
import { serverSettings } from "../parameters.ts";
import type { RdsState } from "../state.ts";
import { ApiError } from "../api_error.ts";
import { startServer } from "../start_server.ts";
import type { Instance } from "../records.ts";

/** As on RDS, the answer still has the status `available`. */
export function rebootInstance(rds: RdsState, parameters: Parameters, ends?: string): Xml {
  const instance = rds.instance(parameters.required("DBInstanceIdentifier"));
  if (instance.production) rds.callLog.violation(`RebootDBInstance ${instance.id}`);
  if (instance.status !== "available") {
    const message = `Database instance is not in available state: ${instance.id} is ${instance.status}.`;
    throw new ApiError("InvalidDBInstanceState", message);
  }
  const before = instance.work;
  instance.work = rds.background(async () => {
    await before;
    await restart(rds, instance, ends);
  });
  return { DBInstance: instanceShape(rds, instance) };
}

async function restart(rds: RdsState, instance: Instance, ends?: string): Promise<void> {
  const { latencies } = rds.config;
  const isGoing = () => instance.status === "deleting" || rds.closing.aborted;
  await instance.polls.past(latencies.lag, rds.closing);
  if (isGoing()) return;
  instance.status = "rebooting";
  await instance.server?.stop("clean");
  delete instance.server;
  await instance.polls.past(latencies.modifying, rds.closing);
  if (isGoing()) return;
  if (ends) {
    instance.status = ends;
    return;
  }
  if (instance.clusterId) await startMember(rds, instance, rds.cluster(instance.clusterId));
  else await start(rds, instance);
  rds.event(instance, "availability", "DB instance restarted");
  if (!isGoing()) instance.status = "available";
}

/** Shuts the server of an instance by itself down cleanly, and starts it again. */
export async function restartServer(rds: RdsState, instance: Instance): Promise<void> {
  await instance.server?.stop("clean");
  delete instance.server;
  await start(rds, instance);
}

async function start(rds: RdsState, instance: Instance): Promise<void> {
  if (!rds.config.servers || !instance.dataDir) return;
  const settings = serverSettings(rds.parameterGroup(instance.settings.parameterGroup));
  const { engine, dataDir } = instance;
  instance.server = await startServer(engine, { dataDir, authority: rds.authority, settings });
  instance.endpoint = { address: "localhost", port: instance.server.port };
}
