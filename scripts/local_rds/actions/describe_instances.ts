/** DescribeDBInstances. @module */
import type { Instance } from "../records.ts";
import type { RdsState } from "../state.ts";
import { filtered, page } from "./action.ts";
import { instanceShape } from "./shapes.ts";
import { List, type Parameters, type Xml } from "../query.ts";
import { ApiError } from "../api_error.ts";

/** One instance by name or ARN, or all in pages. */
export function describeInstances(rds: RdsState, parameters: Parameters): Xml {
  const id = parameters.text("DBInstanceIdentifier");
  const all = id ? [rds.instance(id)] : [...rds.instances.values()];
  for (const instance of all) {
    instance.polls.count();
    initialise(instance);
  }
  // A status that begins with this reading is shown by the next one.
  const visible = all.filter(({ status }) => status !== "unseen");
  if (id && visible.length === 0) throw new ApiError("DBInstanceNotFound", `DBInstance ${id} not found.`);
  const found = filtered(parameters, visible, {
    "db-instance-id": ({ id }) => id,
    "dbi-resource-id": ({ resourceId }) => resourceId,
    "db-cluster-id": ({ clusterId }) => clusterId ?? "",
    "engine": ({ engine }) => engine,
  });
  const { records, marker } = page(rds, parameters, found);
  const shapes = records.map((instance) => instanceShape(rds, instance));
  return { Marker: marker, DBInstances: new List("DBInstance", shapes) };
}

/** Percent of the volume that are loaded from one reading of the instance to the next. */
const step = 10;

/** RDS shows the operation only while it lasts. No block is slower for it here. */
function initialise(instance: Instance): void {
  const { initialised, status } = instance;
  if (initialised === undefined || status !== "available") return;
  instance.initialised = initialised + step < 100 ? initialised + step : undefined;
}
