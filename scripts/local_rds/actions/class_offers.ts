/** DescribeOrderableDBInstanceOptions: the instance classes that there are, some of RDS's, and the check that restores and members make of them. @module */
import { ApiError } from "../api_error.ts";
import { auroraEngines } from "../parameters.ts";
import { List, type Parameters, type Xml } from "../query.ts";
import type { EngineName } from "../server.ts";
import type { RdsState } from "../state.ts";
import { page } from "./action.ts";

const sizes = ["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"] as const;
const general = (...families: readonly string[]) =>
  families.flatMap((family) => sizes.map((size) => `db.${family}.${size}`));

/** In alphabetical order of families, as RDS lists them. */
const classes: Readonly<Record<"instance" | "cluster", readonly string[]>> = {
  instance: [
    ...general("m6g", "m7g", "r6g", "r7g"),
    ...["micro", "small", "medium", "large", "xlarge", "2xlarge"].map((size) => `db.t4g.${size}`),
    ...general("x2g"),
  ],
  cluster: [...general("r6g", "r7g"), "db.serverless", "db.t4g.medium", "db.t4g.large", ...general("x2g")],
};

/** RDS User Guide "Amazon RDS DB instance storage". Aurora's storage has neither a size nor IOPS. */
const storageTypes: Readonly<Record<"instance" | "cluster", Readonly<Record<string, Xml>>>> = {
  instance: {
    gp2: { MinStorageSize: 20, MaxStorageSize: 65_536, SupportsIops: false, SupportsStorageThroughput: false },
    gp3: {
      ...{ MinStorageSize: 20, MaxStorageSize: 65_536, SupportsIops: true, SupportsStorageThroughput: true },
      ...{ MinIopsPerDbInstance: 12_000, MaxIopsPerDbInstance: 64_000 },
      ...{ MinStorageThroughputPerDbInstance: 500, MaxStorageThroughputPerDbInstance: 4000 },
    },
    io1: {
      ...{ MinStorageSize: 100, MaxStorageSize: 65_536, SupportsIops: true, SupportsStorageThroughput: false },
      ...{ MinIopsPerDbInstance: 1000, MaxIopsPerDbInstance: 256_000 },
    },
    io2: {
      ...{ MinStorageSize: 100, MaxStorageSize: 65_536, SupportsIops: true, SupportsStorageThroughput: false },
      ...{ MinIopsPerDbInstance: 1000, MaxIopsPerDbInstance: 256_000 },
    },
  },
  cluster: { "aurora": { SupportsIops: false }, "aurora-iopt1": { SupportsIops: false } },
};

/** Every class with every storage type, in pages; none for a version that the engine does not have. */
export function describeClassOffers(rds: RdsState, parameters: Parameters): Xml {
  const Engine = parameters.required("Engine");
  const EngineVersion = parameters.text("EngineVersion") ?? "";
  const onlyClass = parameters.text("DBInstanceClass");
  // There are no others any more.
  parameters.flag("Vpc");
  const kind = kindOf(Engine);
  const all = !isVersion(Engine, EngineVersion) ? [] : classes[kind]
    .filter((instanceClass) => onlyClass === undefined || onlyClass === instanceClass)
    .flatMap((DBInstanceClass) =>
      Object.entries(storageTypes[kind]).map(([StorageType, limits]) => ({
        ...{ Engine, EngineVersion, DBInstanceClass, Vpc: true, SupportsStorageEncryption: true, StorageType },
        ...Object(limits),
      }))
    );
  const { records, marker } = page(rds, parameters, all);
  return { Marker: marker, OrderableDBInstanceOptions: new List("OrderableDBInstanceOption", records) };
}

function kindOf(engine: string): "instance" | "cluster" {
  if (engine === "postgres" || engine === "mysql" || engine === "mariadb") return "instance";
  if (Object.values(auroraEngines).includes(engine)) return "cluster";
  throw new ApiError("InvalidParameterValue", `Unrecognized engine name: ${engine}`);
}

function isVersion(engine: string, version: string): boolean {
  if (version === "") return true;
  if (engine === "mariadb") return /^1\d\.\d+\.\d+$/.test(version);
  return (engine.endsWith("mysql") ? /^[5-9]\.\d+\./ : /^1\d\.\d+$/).test(version);
}

/** Refuses a class that there is not for the engine. */
export function checkClass(
  instanceClass: string,
  engine: EngineName,
  version: string,
  kind: "instance" | "cluster",
): void {
  if (classes[kind].includes(instanceClass)) return;
  const name = kind === "instance" ? engine : auroraEngines[engine] ?? engine;
  throw new ApiError(
    "InvalidParameterCombination",
    `RDS does not support creating a DB instance with the following combination: DBInstanceClass=${instanceClass}, ` +
      `Engine=${name}, EngineVersion=${version}. For supported combinations of instance class and database engine version, ` +
      "see the documentation.",
  );
}
