/** How large the redo log is. @module */

import type { Session } from "../../engine/engine.ts";
import { productOf } from "../sql/product.ts";
import { readGlobalVariables } from "./purge_step.ts";

/**
 * In bytes. innodb_redo_log_capacity came with 8.0.30 and rules over the older two unless it is 0; where innodb_dedicated_server is
 * on, it has what the server chose. MariaDB has one file.
 *
 * @throws {TypeError} where the server does not tell it.
 */
export async function redoCapacity(session: Session): Promise<number> {
  const settings = await readGlobalVariables(
    session,
    "innodb_redo_log_capacity",
    "innodb_log_file_size",
    "innodb_log_files_in_group",
  );
  const files = settings.innodb_log_files_in_group ?? (await productOf(session) === "mariadb" ? 1 : 2);
  const older = Number(settings.innodb_log_file_size ?? 0) * Number(files);
  const found = Math.max(Number(settings.innodb_redo_log_capacity ?? 0), older);
  if (found <= 0) throw new TypeError("Cannot read the redo log's capacity: the server does not tell it");
  return found;
}
