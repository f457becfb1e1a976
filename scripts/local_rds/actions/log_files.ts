/** DescribeDBLogFiles: what an instance has from its source, and the file that its own server writes. @module */
import { List, type Parameters, type Xml } from "../query.ts";
import type { RdsState } from "../state.ts";
import { page } from "./action.ts";

/** In pages; the time of the last entry in milliseconds since 1970. */
export function describeLogFiles(rds: RdsState, parameters: Parameters): Xml {
  const { engine } = rds.instance(parameters.required("DBInstanceIdentifier"));
  const name = engine === "postgres" ? "error/postgresql.log" : "error/mysql-error-running.log";
  const own = { name, bytes: 1000, lastWritten: rds.now() };
  const { records, marker } = page(rds, parameters, [...rds.config.logFiles, own]);
  const shapes = records.map(({ name, bytes, lastWritten }) => ({
    LogFileName: name,
    LastWritten: lastWritten.getTime(),
    Size: bytes,
  }));
  return { Marker: marker, DescribeDBLogFiles: new List("DescribeDBLogFilesDetails", shapes) };
}
