/** Holds data against a JSON Schema, as far as our schemas go: an unknown keyword is an error. @module */

type Json = Readonly<Record<string, unknown>>;

const annotations = ["$schema", "$id", "$defs", "title", "description"];

/** What is wrong with the data, each with its place; empty where it fits. */
export function faultsOf(schema: Json, data: unknown, root: Json = schema, place = "$"): readonly string[] {
  return Object.entries(schema).flatMap(([keyword, rule]): readonly string[] => {
    if (annotations.includes(keyword)) return [];
    switch (keyword) {
      case "$ref": {
        const [, name = ""] = /^#\/\$defs\/(.+)$/.exec(String(rule)) ?? [];
        const target = (root.$defs as Json | undefined)?.[name];
        return target ? faultsOf(target as Json, data, root, place) : [`${place}: no definition ${rule}`];
      }
      case "type": {
        const type = data === null ? "null" : Array.isArray(data) ? "array" : typeof data;
        return type === rule ? [] : [`${place}: is ${type}, not ${rule}`];
      }
      case "const":
        return data === rule ? [] : [`${place}: is not ${rule}`];
      case "enum":
        return (rule as unknown[]).includes(data) ? [] : [`${place}: is none of ${(rule as unknown[]).join(", ")}`];
      case "minimum":
        return typeof data === "number" && data < Number(rule) ? [`${place}: is less than ${rule}`] : [];
      case "pattern":
        return typeof data === "string" && !new RegExp(String(rule), "u").test(data)
          ? [`${place}: is not ${rule}`]
          : [];
      case "format":
        return typeof data === "string" && !fits(String(rule), data) ? [`${place}: is no ${rule}`] : [];
      case "items":
        return Array.isArray(data)
          ? data.flatMap((one, at) => faultsOf(rule as Json, one, root, `${place}[${at}]`))
          : [];
      case "required":
        return isObject(data)
          ? (rule as string[]).filter((name) => data[name] === undefined).map((name) => `${place}: has no ${name}`)
          : [];
      case "properties":
        return isObject(data)
          ? Object.entries(rule as Json).flatMap(([name, one]) =>
            data[name] === undefined ? [] : faultsOf(one as Json, data[name], root, `${place}.${name}`)
          )
          : [];
      case "additionalProperties": {
        if (!isObject(data)) return [];
        const known = Object.keys((schema.properties ?? {}) as Json);
        const others = Object.keys(data).filter((name) => !known.includes(name) && data[name] !== undefined);
        if (rule === false) return others.map((name) => `${place}: ${name} is unknown`);
        return others.flatMap((name) => faultsOf(rule as Json, data[name], root, `${place}.${name}`));
      }
      default:
        return [`${place}: the schema has the unknown keyword ${keyword}`];
    }
  });
}

function fits(format: string, text: string): boolean {
  if (format === "uuid") return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
  return format === "date-time" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(text);
}

function isObject(data: unknown): data is Json {
  return typeof data === "object" && data !== null && !Array.isArray(data);
}
