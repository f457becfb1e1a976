/** Production in the local RDS: instances that must not be changed, and their snapshots with real data. @module */
import { copyFolder } from "./folder.ts";
import { clusterFamilyOf, familyOf } from "./parameters.ts";
import { makeRdsLike, type Master } from "./rds_like.ts";
import { Polls } from "./polls.ts";
import { checkIdentifier, type RdsState } from "./state.ts";
import type {
  Cluster,
  Encryption,
  Instance,
  ParameterGroup,
  Serverless,
  Settings,
  Snapshot,
  SnapshotType,
  Tag,
} from "./records.ts";
import type { AuroraEngine, EngineName, Server } from "./server.ts";
import { serverVersion, startServer } from "./start_server.ts";
import { copyOfTemplate, type Template } from "./template.ts";

/** A production instance. */
export interface Production extends Partial<Settings> {
  readonly id: string;
  readonly engine: EngineName;
  /** A cleanly stopped data directory; it is copied. */
  readonly dataDir?: string;
  /** Instead: fills a new server that is like RDS's. Without both, it is empty. */
  readonly prepare?: (server: Server) => Promise<void>;
  /** Under which `prepare`'s data is kept for the next time: it then depends on nothing else but the server's version. */
  readonly template?: Template;
  /** Changes the data of such a template's copy. */
  readonly change?: (server: Server) => Promise<void>;
  /** Roles that own tables, made before `prepare` (PostgreSQL): see `makeRdsLike`. */
  readonly applications?: readonly string[];
  readonly engineVersion?: string;
  readonly masterUsername?: string;
  /** What its parameter group sets; absent: what the local RDS's options say. */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
  readonly encryption?: Encryption;
  readonly allocatedStorage?: number;
  readonly replicaOf?: string;
  readonly clusterId?: string;
  readonly status?: string;
  /** Time of its one automated snapshot, an hour ago if not given. */
  readonly snapshotTime?: Date;
  /** False: it has no snapshot. */
  readonly snapshot?: boolean;
}

/** Another snapshot. What is absent is as in the instance's newest one. */
export interface MoreSnapshot {
  /** Name; an ARN of another account for a shared one. */
  readonly id: string;
  readonly instance: string;
  readonly type?: SnapshotType;
  readonly status?: string;
  /** Null: absent, as during the creation. */
  readonly createTime?: Date | null;
  readonly originalCreateTime?: Date | null;
  /** Of another instance that had the same name. */
  readonly resourceId?: string;
  readonly engine?: EngineName;
  readonly engineVersion?: string;
  readonly encryption?: Encryption;
  readonly tags?: Readonly<Record<string, string>>;
  readonly sharedWith?: readonly string[];
  /** The name of the snapshot whose data it has; absent: the instance's newest one. */
  readonly dataOf?: string;
  /** Another region that it is in. */
  readonly region?: string;
  /** The ARN of the snapshot in another region that it is a copy of. */
  readonly copiedFrom?: string;
  /** Whether changing it is a violation; yes for all but manual ones. */
  readonly production?: boolean;
}

const versions: Readonly<Record<EngineName, string>> = { postgres: "18.4", mysql: "9.7.4", mariadb: "11.8.9" };
const ports: Readonly<Record<EngineName, number>> = { postgres: 5432, mysql: 3306, mariadb: 3306 };

/** The host name of a production instance. */
export function hostName(rds: RdsState, id: string): string {
  return `${id}.c0ffee000000.${rds.config.region}.rds.amazonaws.com`;
}

/** Adds a production instance and, by default, one automated snapshot of its data. */
export async function addProduction(rds: RdsState, production: Production): Promise<void> {
  const id = checkIdentifier(production.id, "id", 63);
  const { engine, engineVersion = versions[engine], masterUsername = "master" } = production;
  const instance: Instance = {
    id,
    engine,
    engineVersion,
    masterUsername,
    allocatedStorage: production.allocatedStorage ?? 20,
    encryption: production.encryption ?? "customer-key",
    port: ports[engine],
    resourceId: `db-${id.toUpperCase().replaceAll("-", "")}0PRODUCTION`,
    arn: rds.arn("db", id),
    createTime: new Date("2020-02-02T02:02:02.222Z"),
    settings: settingsOf(production, engineVersion),
    production: true,
    ...(production.replicaOf === undefined ? {} : { replicaOf: production.replicaOf }),
    ...(production.clusterId === undefined ? {} : { clusterId: production.clusterId }),
    polls: new Polls(),
    status: production.status ?? "available",
    endpoint: { address: hostName(rds, id), port: ports[engine] },
    tags: tagsOf(production.tags),
    pending: {},
    work: Promise.resolve(),
  };
  rds.instances.set(id, instance);
  addParameterGroup(rds, instance, production.parameters ?? rds.config.parameters[engine] ?? {});
  if (production.snapshot === false) return;
  const dataDir = rds.config.servers ? await dataOf(rds, production, masterUsername) : undefined;
  const time = production.snapshotTime ?? new Date(rds.now().getTime() - 60 * 60 * 1000);
  const name = `rds:${id}-${time.toISOString().slice(0, 16).replaceAll(/[T:]/g, "-")}`;
  rds.snapshots.set(name, { ...first(rds, instance, name, time), ...(dataDir === undefined ? {} : { dataDir }) });
}

function addParameterGroup(rds: RdsState, { engine, engineVersion, settings }: Instance, values: object): void {
  const id = settings.parameterGroup.toLowerCase();
  const family = familyOf(engine, engineVersion);
  addGroup(rds.parameterGroups, { id, arn: rds.arn("pg", id), family, values: new Map(Object.entries(values)) });
}

/** Default groups are there without being added. */
function addGroup(
  groups: Map<string, ParameterGroup>,
  group: Pick<ParameterGroup, "id" | "arn" | "family" | "values">,
): void {
  if (group.id.startsWith("default.")) return;
  const own = { description: "Of production", production: true, polls: new Polls(), tags: [] };
  groups.set(group.id, { ...group, ...own });
}

/** Adds a snapshot of any kind to an instance that has one. */
export function addSnapshot(rds: RdsState, more: MoreSnapshot): void {
  const all = [...rds.snapshots.values()];
  const base = more.dataOf ? rds.snapshot(more.dataOf) : all.findLast(({ instanceId }) => instanceId === more.instance);
  if (!base) {
    throw new TypeError(`Cannot add snapshot "${more.id}": no snapshot of "${more.instance}" to take data from`);
  }
  const { createTime = base.createTime, originalCreateTime = createTime, type = "automated" } = more;
  // A record without times or data has no such members.
  const { createTime: _created, originalCreateTime: _original, dataDir, ...kept } = base;
  const region = rds.regions.get(more.region ?? rds.config.region);
  if (!region) throw new TypeError(`Cannot add snapshot "${more.id}": there is no region "${more.region}"`);
  region.snapshots.set(more.id.toLowerCase(), {
    ...kept,
    id: more.id.toLowerCase(),
    arn: more.id.startsWith("arn:") ? more.id : region.arn("snapshot", more.id.toLowerCase()),
    ...(more.copiedFrom !== undefined && { copiedFrom: more.copiedFrom }),
    instanceId: more.instance,
    resourceId: more.resourceId ?? base.resourceId,
    engine: more.engine ?? base.engine,
    engineVersion: more.engineVersion ?? base.engineVersion,
    encryption: more.encryption ?? base.encryption,
    type,
    status: more.status ?? "available",
    percentProgress: (more.status ?? "available") === "available" ? 100 : 0,
    production: more.production ?? type !== "manual",
    made: false,
    tags: tagsOf(more.tags),
    sharedWith: more.sharedWith ?? [],
    polls: new Polls(),
    ...(createTime ? { createTime } : {}),
    ...(originalCreateTime ? { originalCreateTime } : {}),
    ...(dataDir === undefined ? {} : { dataDir }),
  });
}

function settingsOf(production: Production | ProductionCluster, engineVersion: string): Settings {
  const family = `${production.engine}${engineVersion.split(".")[0]}`;
  return {
    instanceClass: production.instanceClass ?? "db.m6g.large",
    subnetGroup: production.subnetGroup ?? "production-subnets",
    securityGroups: production.securityGroups ?? ["sg-0a1b2c3d"],
    parameterGroup: production.parameterGroup ?? `production-${family}`,
    optionGroup: production.optionGroup ?? `production-options-${family}`,
    multiAz: production.multiAz ?? true,
    publiclyAccessible: production.publiclyAccessible ?? false,
    deletionProtection: production.deletionProtection ?? true,
    backupRetentionPeriod: production.backupRetentionPeriod ?? 7,
    copyTagsToSnapshot: production.copyTagsToSnapshot ?? true,
    autoMinorVersionUpgrade: production.autoMinorVersionUpgrade ?? true,
    iamAuthentication: production.iamAuthentication ?? false,
    engineLifecycleSupport: production.engineLifecycleSupport ?? "open-source-rds-extended-support-disabled",
    storageType: production.storageType ?? "gp3",
    ...(production.iops !== undefined && { iops: production.iops }),
    ...(production.storageThroughput !== undefined && { storageThroughput: production.storageThroughput }),
  };
}

function first(rds: RdsState, instance: Instance | Cluster, id: string, time: Date): Snapshot {
  const { engine, engineVersion, masterUsername, allocatedStorage, encryption, port, resourceId, settings } = instance;
  return {
    ...{ engine, engineVersion, masterUsername, allocatedStorage, encryption, port, resourceId },
    id,
    arn: rds.arn("snapshot", id),
    instanceId: instance.id,
    instanceCreateTime: instance.createTime,
    settings: { ...settings },
    instanceTags: instance.tags,
    type: "automated",
    production: true,
    made: false,
    polls: new Polls(),
    status: "available",
    percentProgress: 100,
    createTime: time,
    originalCreateTime: time,
    tags: [],
    sharedWith: [],
  };
}

/** An Aurora production, whose `prepare` fills its writer's server. */
export interface ProductionCluster
  extends Omit<Production, "engine" | "replicaOf" | "clusterId" | "snapshot" | "allocatedStorage"> {
  readonly engine: AuroraEngine;
  readonly serverless?: Serverless;
}

/** RDS's versions of Aurora, for the servers that there are here. */
const auroraVersions: Readonly<Record<AuroraEngine, string>> = { postgres: "18.4", mysql: "8.0.mysql_aurora.3.10.1" };

/** The host name of the writer of a production cluster. */
export function clusterHostName(rds: RdsState, id: string): string {
  return `${id}.cluster-c0ffee000000.${rds.config.region}.rds.amazonaws.com`;
}

/** Adds a production cluster with its writer, `ID-1`, and one automated cluster snapshot of its data. */
export async function addProductionCluster(rds: RdsState, production: ProductionCluster): Promise<void> {
  const id = checkIdentifier(production.id, "id", 63);
  const { engine, engineVersion = auroraVersions[engine], masterUsername = "master", serverless } = production;
  // Aurora has no class of the m families.
  const { instanceClass = "db.r6g.large" } = production;
  const settings = {
    ...settingsOf(production, engineVersion),
    instanceClass,
    optionGroup: "",
    storageType: "aurora-iopt1",
  };
  const common = {
    ...{ engine, engineVersion, masterUsername },
    allocatedStorage: 1,
    encryption: production.encryption ?? "customer-key",
    port: ports[engine],
    createTime: new Date("2020-02-02T02:02:02.222Z"),
    production: true,
    status: production.status ?? "available",
    pending: {},
    work: Promise.resolve(),
  } as const;
  const cluster: Cluster = {
    ...common,
    id,
    resourceId: `cluster-${id.toUpperCase().replaceAll("-", "")}0PRODUCTION`,
    arn: rds.arn("cluster", id),
    settings,
    ...(serverless && { serverless }),
    polls: new Polls(),
    endpoint: { address: clusterHostName(rds, id), port: ports[engine] },
    tags: tagsOf(production.tags),
  };
  rds.clusters.set(id, cluster);
  rds.instances.set(`${id}-1`, {
    ...common,
    id: `${id}-1`,
    resourceId: `db-${id.toUpperCase().replaceAll("-", "")}0WRITER`,
    arn: rds.arn("db", `${id}-1`),
    settings: { ...settings, parameterGroup: "default" },
    clusterId: id,
    polls: new Polls(),
    endpoint: { address: hostName(rds, `${id}-1`), port: ports[engine] },
    tags: [],
  });
  const values = production.parameters ?? rds.config.parameters[engine] ?? {};
  addGroup(rds.clusterParameterGroups, {
    id: settings.parameterGroup.toLowerCase(),
    arn: rds.arn("cluster-pg", settings.parameterGroup.toLowerCase()),
    family: clusterFamilyOf(engine, engineVersion),
    values: new Map(Object.entries(values)),
  });
  const dataDir = rds.config.servers ? await dataOf(rds, production, masterUsername) : undefined;
  const time = production.snapshotTime ?? new Date(rds.now().getTime() - 60 * 60 * 1000);
  const name = `rds:${id}-${time.toISOString().slice(0, 16).replaceAll(/[T:]/g, "-")}`;
  const arn = rds.arn("cluster-snapshot", name);
  const snapshot = { ...first(rds, cluster, name, time), arn };
  rds.clusterSnapshots.set(name, { ...snapshot, ...(dataDir !== undefined && { dataDir }) });
}

/** A copy of the given data, or the data of a new server after a clean shutdown. */
async function dataOf(rds: RdsState, production: Production | ProductionCluster, user: string): Promise<string> {
  const { engine, dataDir, template, change } = production;
  const copy = rds.newFolder("snapshot");
  if (dataDir !== undefined) {
    await copyFolder(dataDir, copy);
    return copy;
  }
  if (template === undefined) {
    await prepareData(rds, production, user, copy);
  } else {
    const version = `${await serverVersion(engine)}-${template.version}`;
    await copyOfTemplate({ ...template, version }, copy, (folder) => prepareData(rds, production, user, folder));
  }
  if (change) await withServer(rds, engine, copy, change);
  return copy;
}

/** A new server's data after a clean shutdown. */
async function prepareData(
  rds: RdsState,
  production: Production | ProductionCluster,
  user: string,
  dataDir: string,
): Promise<void> {
  const { engine, prepare, applications } = production;
  await withServer(rds, engine, dataDir, async (server) => {
    // Production's password is not known, and nothing depends on it.
    const master: Master = { user, password: crypto.randomUUID() };
    await makeRdsLike(server, master, applications);
    await prepare?.(server);
  });
}

async function withServer(
  rds: RdsState,
  engine: EngineName,
  dataDir: string,
  work: (server: Server) => Promise<void>,
): Promise<void> {
  const server = await startServer(engine, { dataDir, authority: rds.authority });
  try {
    await work(server);
    await server.stop("clean");
  } catch (error) {
    await server.stop("now");
    throw error;
  }
}

function tagsOf(tags: Readonly<Record<string, string>> = {}): readonly Tag[] {
  return Object.entries(tags).map(([key, value]) => ({ key, value }));
}
