/** DescribeEvents. @module */
import type { RdsState } from "../state.ts";
import { page } from "./action.ts";
import { ApiError } from "../api_error.ts";
import { List, type Parameters, type Xml } from "../query.ts";

const minute = 60_000;

/** The last hour's events unless other times are asked for. */
export function describeEvents(rds: RdsState, parameters: Parameters): Xml {
  const source = parameters.text("SourceIdentifier");
  const type = parameters.text("SourceType");
  if (source && !type) {
    throw new ApiError("InvalidParameterCombination", "SourceIdentifier is only possible together with SourceType.");
  }
  const start = parameters.text("StartTime");
  const end = parameters.text("EndTime");
  const to = end ? Date.parse(end) : rds.now().getTime();
  const from = start ? Date.parse(start) : to - (parameters.integer("Duration") ?? 60) * minute;
  const categories = parameters.list("EventCategories", "EventCategory");
  const found = rds.events.filter(({ at, sourceType, sourceId, category }) =>
    (!type || type === sourceType) && (!source || source.toLowerCase() === sourceId) &&
    Number(at) >= from && Number(at) <= to && (!categories || categories.includes(category))
  );
  const { records, marker } = page(rds, parameters, found);
  const shapes = records.map((event) => ({
    SourceIdentifier: event.sourceId,
    SourceType: event.sourceType,
    Message: event.message,
    EventCategories: new List("EventCategory", [event.category]),
    Date: event.at,
    SourceArn: event.sourceArn,
  }));
  return { Marker: marker, Events: new List("Event", shapes) };
}
