/** What RDS for PostgreSQL calls its own: the one place of these names. @module */

import { joinSql, type Sql } from "../../engine/sql.ts";
import { textLiteral } from "./literals.ts";

/** RDS's superuser, and the database of the same name, which the master user cannot connect to. */
export const rdsAdmin: Sql = textLiteral("rdsadmin");

/** The role whose members log in with an IAM token, never by password. */
export const rdsIam: Sql = textLiteral("rds_iam");

/**
 * All roles of RDS (user guide, "Understanding PostgreSQL roles and permissions", "Using RDS Proxy"), as a list for IN; none may be
 * altered. A user's role may have a name like `rds…`: it is one like any other.
 */
export const rdsRoles: Sql = joinSql(
  [
    rdsAdmin,
    rdsIam,
    ...[
      "rdsrepladmin",
      "rdsproxyadmin",
      "rdstopmgr",
      "rdswriteforwarduser",
      "rds_superuser",
      "rds_password",
      "rds_replication",
      "rds_ad",
      "rds_extension",
      "rds_reserved",
    ].map(textLiteral),
  ],
  ", ",
);
