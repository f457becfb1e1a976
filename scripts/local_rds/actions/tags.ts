/** AddTagsToResource, RemoveTagsFromResource, ListTagsForResource. @module */
import type { Parameters, Xml } from "../query.ts";
import { tagList } from "./action.ts";
import type { RdsState } from "../state.ts";
import { ApiError } from "../api_error.ts";
import type { Cluster, Instance, ParameterGroup, Snapshot, Tag } from "../records.ts";

type Tagged = Instance | Cluster | Snapshot | ParameterGroup;

/** Merges by key. */
export function addTags(rds: RdsState, parameters: Parameters): Xml {
  const resource = resourceOf(rds, parameters.required("ResourceName"));
  const added = parameters.tags() ?? [];
  if (resource.production) rds.callLog.violation(`AddTagsToResource ${resource.id}`);
  const kept = resource.tags.filter(({ key }) => !added.some((tag) => tag.key === key));
  changeTags(rds, resource, checkTags([...kept, ...added]));
  return undefined;
}

/** Missing keys are no error. */
export function removeTags(rds: RdsState, parameters: Parameters): Xml {
  const resource = resourceOf(rds, parameters.required("ResourceName"));
  const keys = parameters.list("TagKeys", "member") ?? [];
  if (resource.production) rds.callLog.violation(`RemoveTagsFromResource ${resource.id}`);
  changeTags(rds, resource, resource.tags.filter(({ key }) => !keys.includes(key)));
  return undefined;
}

/** All tags of a resource. */
export function listTags(rds: RdsState, parameters: Parameters): Xml {
  return { TagList: tagList(shown(resourceOf(rds, parameters.required("ResourceName")))) };
}

/** Changes a record's tags; they are shown after a latency. */
export function changeTags(rds: RdsState, resource: Tagged, tags: readonly Tag[]): void {
  const latency = rds.config.latencies.tags;
  const before = shown(resource);
  resource.tags = tags;
  if (latency.polls === 0) return;
  resource.shownTags = before;
  rds.background(async () => {
    await resource.polls.past(latency, rds.closing);
    if (resource.tags === tags) delete resource.shownTags;
    else resource.shownTags = tags;
  });
}

/** The tags that are shown. */
export function shown({ shownTags, tags }: Tagged): readonly Tag[] {
  return shownTags ?? tags;
}

/** RDS's rules for tags: characters, lengths, reserved prefixes, fifty at most. */
export function checkTags(tags: readonly Tag[]): readonly Tag[] {
  const wrong = tags.find(({ key, value }) =>
    !/^[\p{L}\p{N}\s_.:/=+\-@]{1,128}$/u.test(key) || !/^[\p{L}\p{N}\s_.:/=+\-@]{0,256}$/u.test(value) ||
    /^(aws|rds):/i.test(key)
  );
  if (wrong) throw new ApiError("InvalidParameterValue", `Invalid tag: "${wrong.key}".`);
  if (tags.length > 50) throw new ApiError("InvalidParameterValue", "A resource has fifty tags at most.");
  return tags;
}

function resourceOf(rds: RdsState, arn: string): Tagged {
  const type = arn.split(":")[5];
  if (arn.startsWith("arn:aws:rds:") && type === "db") return rds.instance(arn);
  if (arn.startsWith("arn:aws:rds:") && type === "snapshot") return rds.snapshot(arn);
  if (arn.startsWith("arn:aws:rds:") && type === "pg") return rds.parameterGroup(arn);
  if (arn.startsWith("arn:aws:rds:") && type === "cluster") return rds.cluster(arn);
  if (arn.startsWith("arn:aws:rds:") && type === "cluster-snapshot") return rds.clusterSnapshot(arn);
  if (arn.startsWith("arn:aws:rds:") && type === "cluster-pg") return rds.clusterParameterGroup(arn);
  throw new ApiError("InvalidParameterValue", `The specified resource name does not match an RDS resource: ${arn}`);
}
