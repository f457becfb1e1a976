/** A local RDS: an endpoint on loopback that speaks RDS's protocol, and whose instances are real servers. @module */
import { makeAuthority } from "./certificate.ts";
import { listen } from "./endpoint.ts";
import { type FaultRule, Faults } from "./faults.ts";
import { copyFolder, handOver, removeFolder, temporaryFolder } from "./folder.ts";
import type { CallLog } from "./call_log.ts";
import { quietParameters } from "./parameters.ts";
import { guardFolders } from "./process.ts";
import {
  addProduction,
  addProductionCluster,
  addSnapshot,
  clusterHostName,
  hostName,
  type MoreSnapshot,
  type Production,
  type ProductionCluster,
} from "./production.ts";
import { type Config, type Latencies, type Quotas, RdsState } from "./state.ts";
import { type Cluster, type Instance, isStaging, type Snapshot } from "./records.ts";
import type { Server } from "./server.ts";
import { startServer } from "./start_server.ts";

/** How to start a local RDS. */
export interface LocalRdsOptions extends
  Partial<
    Pick<
      Config,
      "region" | "account" | "pageSize" | "servers" | "parameters" | "logFiles" | "policies" | "clockOffset"
    >
  > {
  readonly port?: number;
  /** Regions besides `region`, empty in the beginning. */
  readonly moreRegions?: readonly string[];
  readonly latencies?: Partial<Latencies>;
  readonly quotas?: Partial<Quotas>;
  readonly faults?: readonly FaultRule[];
}

/** A running local RDS. Disposing ends its servers and removes all data. */
export interface LocalRds extends AsyncDisposable {
  readonly url: string;
  readonly region: string;
  /** All regions. */
  readonly regions: readonly string[];
  readonly account: string;
  /** The authority of the servers' certificates, as a file and as PEM. */
  readonly caFile: string;
  readonly ca: string;
  /** Environment for AWS's SDKs and tools. */
  readonly environment: Readonly<Record<string, string>>;
  readonly callLog: CallLog;
  readonly faults: Faults;
  addProduction(production: Production): Promise<void>;
  /** Adds a production cluster of Aurora. */
  addCluster(production: ProductionCluster): Promise<void>;
  addSnapshot(snapshot: MoreSnapshot): void;
  /** Removes an instance's record and keeps its snapshots, as if it had been deleted long ago. */
  forget(instanceId: string): void;
  /** Deletes an instance as its owner does, who is no client: at once, without a word in the call log. */
  retire(instanceId: string): Promise<void>;
  /** Removes the parameter groups that clients' calls made. */
  forgetParameterGroups(): void;
  /** Removes copies in other regions whose originals are gone: their names would be used again within the same minute. */
  forgetCopies(): void;
  /** The host name of a production instance. */
  hostName(id: string): string;
  /** The host name of the writer of a production cluster. */
  clusterHostName(id: string): string;
  instances(): readonly Instance[];
  clusters(): readonly Cluster[];
  /** All instances and clusters but production's, and those of the operator's that a run may rename: empty if nothing is left. */
  workspaces(): readonly string[];
  /** Of `region`, or another one. */
  snapshots(region?: string): readonly Snapshot[];
  /** Names of the snapshots that clients' calls made, in order. */
  made(): readonly string[];
  /** The accounts of each shared snapshot of `region`, or of another one. */
  shares(region?: string): Readonly<Record<string, readonly string[]>>;
  /** Completes all background work, and throws its errors. */
  settled(): Promise<void>;
  dataDirOf(snapshotId: string): string;
  /** Starts a server on a copy of a snapshot's data, for the superuser. Dispose of it before the local RDS. */
  openSnapshot(snapshotId: string): Promise<Server>;
}

// Tests use polls, not times; the times are for clients that stop polling.
const latencies: Latencies = {
  unseen: { polls: 0, milliseconds: 0 },
  creating: { polls: 2, milliseconds: 10_000 },
  backingUp: { polls: 1, milliseconds: 10_000 },
  lag: { polls: 1, milliseconds: 10_000 },
  modifying: { polls: 1, milliseconds: 10_000 },
  snapshot: { polls: 2, milliseconds: 10_000 },
  deleting: { polls: 1, milliseconds: 10_000 },
  tags: { polls: 0, milliseconds: 0 },
};

/** Starts a local RDS. */
export async function startLocalRds(options: LocalRdsOptions = {}): Promise<LocalRds> {
  const {
    region = "eu-west-1",
    account = "111122223333",
    pageSize = 100,
    servers = true,
    parameters = quietParameters,
    logFiles = [],
    clockOffset = 0,
  } = options;
  const quotas = { instances: 40, manualSnapshots: 100, storage: 100_000, sharedAccounts: 20, ...options.quotas };
  const config: Config = {
    ...{ region, account, pageSize, servers, parameters, logFiles, clockOffset, quotas },
    ...(options.policies && { policies: options.policies }),
    latencies: { ...latencies, ...options.latencies },
  };
  await using undo = new AsyncDisposableStack();
  const folder = undo.use(await temporaryFolder());
  const guard = guardFolders(folder.path);
  undo.defer(() => guard.dismiss());
  const caFile = `${folder.path}/ca.pem`;
  const authority = await makeAuthority();
  await Deno.writeTextFile(caFile, authority.ca);
  await handOver(caFile);
  const closing = new AbortController();
  const rds = new RdsState(config, authority, folder.path, closing.signal);
  for (const more of options.moreRegions ?? []) {
    new RdsState({ ...config, region: more }, authority, folder.path, closing.signal, rds.regions);
  }
  const inRegion = (name: string) => {
    const found = rds.regions.get(name);
    if (!found) throw new TypeError(`Cannot look into region "${name}": there is none of this name`);
    return found;
  };
  const faults = new Faults(options.faults);
  undo.defer(async () => {
    closing.abort();
    await rds.settled();
    await Promise.all([...rds.instances.values()].map(({ server }) => server?.stop("now")));
  });
  const endpoint = undo.use(await listen(rds, faults, options.port));
  const owned = undo.move();
  return {
    regions: [...rds.regions.keys()],
    ...{ url: endpoint.url, region, account, caFile, ca: authority.ca, callLog: rds.callLog, faults },
    environment: {
      AWS_ENDPOINT_URL_RDS: endpoint.url,
      AWS_ENDPOINT_URL_KMS: endpoint.url,
      AWS_ENDPOINT_URL_STS: endpoint.url,
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
      AWS_REGION: region,
      AWS_EC2_METADATA_DISABLED: "true",
    },
    addProduction: (production) => addProduction(rds, production),
    addCluster: (production) => addProductionCluster(rds, production),
    addSnapshot: (snapshot) => addSnapshot(rds, snapshot),
    forget: (instanceId) => void rds.instances.delete(instanceId),
    async retire(instanceId) {
      const instance = rds.instance(instanceId);
      await instance.work;
      rds.instances.delete(instance.id);
      await instance.server?.stop("now");
      await removeFolder(instance.dataDir);
    },
    forgetParameterGroups() {
      for (const groups of [rds.parameterGroups, rds.clusterParameterGroups]) {
        for (const { id, production } of groups.values()) if (!production) groups.delete(id);
      }
    },
    forgetCopies() {
      for (const { snapshots } of rds.regions.values()) {
        for (const { id, copiedFrom, resourceId } of snapshots.values()) {
          if (copiedFrom !== undefined && rds.snapshots.get(id)?.resourceId !== resourceId) snapshots.delete(id);
        }
      }
    },
    hostName: (id) => hostName(rds, id),
    clusterHostName: (id) => clusterHostName(rds, id),
    instances: () => [...rds.instances.values()],
    clusters: () => [...rds.clusters.values()],
    workspaces: () =>
      [...rds.instances.values(), ...rds.clusters.values()].filter((one) => !one.production && !isStaging(one))
        .map(({ id }) => id),
    snapshots: (name = region) => snapshotsOf(inRegion(name)),
    made: () => snapshotsOf(rds).filter(({ made }) => made).map(({ id }) => id),
    shares(name = region) {
      const shared = snapshotsOf(inRegion(name)).filter(({ sharedWith }) => sharedWith.length > 0);
      return Object.fromEntries(shared.map(({ id, sharedWith }) => [id, sharedWith]));
    },
    async settled() {
      await rds.settled();
      if (rds.problems.length > 0) throw rds.problems[0];
    },
    dataDirOf: (snapshotId) => dataDirOf(rds, snapshotId),
    openSnapshot: (snapshotId) => openSnapshot(rds, snapshotId),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Of both kinds. */
function snapshotsOf(rds: RdsState): readonly Snapshot[] {
  return [...rds.snapshots.values(), ...rds.clusterSnapshots.values()];
}

function snapshotOf(rds: RdsState, id: string): Snapshot {
  return rds.clusterSnapshots.get(id) ?? rds.snapshot(id);
}

function dataDirOf(rds: RdsState, snapshotId: string): string {
  const { dataDir } = snapshotOf(rds, snapshotId);
  if (dataDir === undefined) throw new TypeError(`Cannot look into snapshot "${snapshotId}": it has no data`);
  return dataDir;
}

async function openSnapshot(rds: RdsState, snapshotId: string): Promise<Server> {
  const copy = rds.newFolder("snapshot");
  await copyFolder(dataDirOf(rds, snapshotId), copy);
  const server = await startServer(snapshotOf(rds, snapshotId).engine, { dataDir: copy, authority: rds.authority });
  const stop: Server["stop"] = async (mode) => {
    await server.stop(mode);
    await removeFolder(copy);
  };
  return { ...server, stop, [Symbol.asyncDispose]: () => stop("now") };
}
