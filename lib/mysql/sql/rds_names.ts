/** What RDS for MySQL and for MariaDB calls its own: the one place of these names. @module */

import type { Sql } from "../../engine/sql.ts";
import { textLiteral } from "./literals.ts";
import type { Product } from "./product.ts";

/**
 * RDS's accounts (user guides, "Master user account privileges", "Using RDS Proxy", "Working with read replicas"), by name and host.
 * A user's account may have a name like `rds…`: it is one like any other.
 */
export const rdsAccounts: Readonly<Record<Product, readonly (readonly [name: string, host: string])[]>> = {
  mysql: [
    ["rdsadmin", "localhost"],
    ["rdsrepladmin", "%"],
    ["rdsgrprepladmin", "%"],
    ["rdsproxyadmin", "%"],
    ["rds_superuser_role", "%"],
  ],
  // Group replication, and roles with all of a master's privileges, are MySQL's.
  mariadb: [["rdsadmin", "localhost"], ["rdsrepladmin", "%"], ["rdsproxyadmin", "%"]],
};

/** The definer of all that RDS keeps in `mysql` and `sys`. */
export const rdsDefiner: Sql = textLiteral("rdsadmin@localhost");

/** RDS's tables in `mysql`, and its views in `information_schema`, which only RDS may write: alternatives of a pattern. */
export const rdsTables: readonly string[] = ["rds_.*", "aurora_.*", "ro_replica_status"];

/** Routines and events of RDS in `mysql`: a pattern, of which letters may be in any case. */
export const rdsRoutines = "^(ev_)?(rds_|aurora_)";
