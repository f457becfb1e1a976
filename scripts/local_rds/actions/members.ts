/** CreateDBInstance, of a cluster's member, and the server that runs in it. @module */
import { ApiError } from "../api_error.ts";
import { auroraEngines, familyOf, serverSettings } from "../parameters.ts";
import { Polls } from "../polls.ts";
import type { Parameters, Xml } from "../query.ts";
import type { Cluster, Instance } from "../records.ts";
import { startServer } from "../start_server.ts";
import { checkIdentifier, type RdsState } from "../state.ts";
import { checkClass } from "./class_offers.ts";
import { used } from "./quotas.ts";
import { instanceShape } from "./shapes.ts";
import { changeTags, checkTags } from "./tags.ts";

/** Only a first member, the writer, of a cluster that is available. */
export function createMember(rds: RdsState, parameters: Parameters, ends?: string): Xml {
  const id = checkIdentifier(parameters.required("DBInstanceIdentifier"), "DBInstanceIdentifier", 63);
  const instanceClass = parameters.required("DBInstanceClass");
  const engine = parameters.required("Engine");
  const cluster = rds.cluster(parameters.required("DBClusterIdentifier"));
  if (rds.instances.has(id)) throw new ApiError("DBInstanceAlreadyExists", "DB instance already exists");
  if (engine !== auroraEngines[cluster.engine]) {
    throw new ApiError("InvalidParameterCombination", `The engine ${engine} is not the cluster's.`);
  }
  checkClass(instanceClass, cluster.engine, cluster.engineVersion, "cluster");
  if (cluster.status !== "available") {
    throw new ApiError("InvalidDBClusterStateFault", `DBCluster ${cluster.id} is ${cluster.status}.`);
  }
  if (instanceClass === "db.serverless" && !cluster.serverless) {
    throw new ApiError("InvalidParameterCombination", "The cluster has no ServerlessV2ScalingConfiguration.");
  }
  if (used(rds).instances >= rds.config.quotas.instances) {
    throw new ApiError("InstanceQuotaExceeded", "Instance quota exceeded.");
  }
  parameters.text("CACertificateIdentifier");
  const { engineVersion, masterUsername, encryption, port, settings } = cluster;
  const member: Instance = {
    ...{ engine: cluster.engine, engineVersion, masterUsername, encryption, port, id },
    allocatedStorage: 1,
    arn: rds.arn("db", id),
    resourceId: `db-${crypto.randomUUID().replaceAll("-", "").toUpperCase().slice(0, 26)}`,
    createTime: rds.now(),
    settings: {
      ...settings,
      instanceClass,
      parameterGroup: `default.${familyOf(cluster.engine, engineVersion)}`,
      publiclyAccessible: parameters.flag("PubliclyAccessible") ?? false,
      autoMinorVersionUpgrade: parameters.flag("AutoMinorVersionUpgrade") ?? true,
    },
    production: false,
    clusterId: cluster.id,
    polls: new Polls(),
    status: "unseen",
    tags: [],
    pending: {},
    work: Promise.resolve(),
  };
  changeTags(rds, member, checkTags(parameters.tags() ?? []));
  rds.instances.set(id, member);
  member.work = rds.background(async () => {
    try {
      await create(rds, member, cluster, ends);
    } catch (error) {
      member.status = "failed";
      throw error;
    }
  });
  return { DBInstance: instanceShape(rds, { ...member, status: "creating" }) };
}

async function create(rds: RdsState, member: Instance, cluster: Cluster, ends?: string): Promise<void> {
  const { latencies } = rds.config;
  const isGoing = () => member.status === "deleting" || rds.closing.aborted;
  await member.polls.past(latencies.unseen, rds.closing);
  if (member.status === "unseen") member.status = "creating";
  await member.polls.past(latencies.creating, rds.closing);
  if (isGoing()) return;
  if (ends) {
    member.status = ends;
    if (ends !== "creating") rds.event(member, "failure", `DB instance put into ${ends}`);
    return;
  }
  await startMember(rds, member, cluster);
  if (isGoing()) return;
  rds.event(member, "creation", "DB instance created");
  member.status = "available";
}

/** Starts the server of a member on its cluster's data; the cluster's endpoint leads to it. */
export async function startMember(rds: RdsState, member: Instance, cluster: Cluster): Promise<void> {
  const { dataDir, engine } = cluster;
  if (rds.config.servers && dataDir) {
    const settings = serverSettings(rds.clusterParameterGroup(cluster.settings.parameterGroup));
    member.server = await startServer(engine, { dataDir, authority: rds.authority, settings });
  }
  member.endpoint = { address: "localhost", port: member.server?.port ?? 1 };
  cluster.endpoint = member.endpoint;
}
