/**
 * What an instance class has, by its name. AWS counts the sizes of all families of RDS for PostgreSQL and MySQL alike (Amazon RDS User
 * Guide, "Hardware specifications for DB instance classes").
 *
 * @module
 */

/**
 * The processors (vCPUs) of an instance class: `db.r6g.4xlarge` has 16. Sizes below `xlarge` have two, a few old ones one. Undefined
 * where the name tells nothing.
 */
export function processorsOf(instanceClass: string | undefined): number | undefined {
  const [, size = "", times = "1"] = /^db\.[a-z0-9-]+\.((\d+)?[a-z]+)$/.exec(instanceClass ?? "") ?? [];
  if (size.endsWith("xlarge")) return 4 * Number(times);
  return ["micro", "small", "medium", "large"].includes(size) ? 2 : undefined;
}

/** A session waits for storage at times, so two keep one processor busy; beyond some, storage and not processors are the limit. */
const statements = { least: 2, most: 16 } as const;

/** How many statements a run has at a time on a server with so many processors, unless the operator says it. Undefined: they are not known. */
export function statementsOn(processors: number | undefined): number {
  return Math.min(Math.max(processors ?? 0, statements.least), statements.most);
}

/** GiB of memory for each processor, by the family's name. */
const memoryByFamily: readonly (readonly [family: RegExp, perProcessor: number])[] = [
  [/^m[4-9]/, 4],
  [/^r4$/, 7.625],
  [/^r[5-9]/, 8],
  [/^x2(g|idn)$/, 16],
  [/^x2iedn$/, 32],
  [/^z1d$/, 8],
];

/** GiB of memory of burstable classes, by size. */
const memoryOfBurstable: Readonly<Record<string, number>> = {
  "micro": 1,
  "small": 2,
  "medium": 4,
  "large": 8,
  "xlarge": 16,
  "2xlarge": 32,
};

/** Its memory in GiB; undefined where the name tells nothing. */
export function memoryOf(instanceClass: string): number | undefined {
  const [, family = "", size = ""] = /^db\.([a-z0-9-]+)\.([a-z0-9]+)$/.exec(instanceClass) ?? [];
  if (isBurstable(instanceClass)) return memoryOfBurstable[size];
  const perProcessor = memoryByFamily.find(([names]) => names.test(family))?.[1];
  // A size below large has one processor in some families, and two in others.
  const processors = /large$/.test(size) ? processorsOf(instanceClass) : undefined;
  return perProcessor === undefined || processors === undefined ? undefined : perProcessor * processors;
}

/** Whether its processors and its bandwidth are for bursts only. */
export function isBurstable(instanceClass: string): boolean {
  return /^db\.t\d/.test(instanceClass);
}

/**
 * Bytes a second that an instance class moves to and from its volumes for as long as it takes: its EBS baseline bandwidth, and not what
 * it has for half an hour a day. EC2 User Guide, "EBS-optimized instance types": m6g and r6g have 630 Mbit/s as large, 4,750 as
 * 4xlarge and 19,000 as 16xlarge; other families of today have as much or a little more, the large sizes of m5 and r5 less. Undefined
 * where the name tells nothing.
 */
export function bandwidthOf(instanceClass: string): number | undefined {
  const processors = processorsOf(instanceClass);
  if (processors === undefined) return undefined;
  if (!isBurstable(instanceClass)) return processors * bandwidthPerProcessor;
  const [size = ""] = /[a-z0-9]+$/.exec(instanceClass) ?? [];
  return (bandwidthOfBurstable[size] ?? mostOfBurstable) * 1e6 / 8;
}

/** 4,750 Mbit/s of 16 processors. */
const bandwidthPerProcessor = 37e6;

/** Mbit/s of t3 and t4g, by size. Same source. */
const bandwidthOfBurstable: Readonly<Record<string, number>> = { micro: 87, small: 174, medium: 347 };
const mostOfBurstable = 695;
