/** How many processors an instance class has. @module */

/**
 * The processors (vCPUs) of an instance class, by its name: `db.r6g.4xlarge` has 16. AWS counts the sizes of all families of RDS for
 * PostgreSQL and MySQL alike (Amazon RDS User Guide, "Hardware specifications for DB instance classes"); those below `xlarge` have two,
 * a few old ones one. Undefined where the name tells nothing.
 */
export function processorsOf(instanceClass: string | undefined): number | undefined {
  const [, size = "", times = "1"] = /^db\.[a-z0-9-]+\.((\d+)?[a-z]+)$/.exec(instanceClass ?? "") ?? [];
  if (size.endsWith("xlarge")) return 4 * Number(times);
  return ["micro", "small", "medium", "large"].includes(size) ? 2 : undefined;
}
