/** The tables that the server and RDS themselves keep in the schema `mysql`. @module */

/** From the manual's list of system tables, versions 8.0 to 9.x, and RDS's own; upgrades leave `innodb_…` and `ndb_…` ones. */
export const serverTables: string = `^(${
  [
    "columns_priv",
    "component",
    "db",
    "default_roles",
    "engine_cost",
    "func",
    "general_log(_backup)?",
    "global_grants",
    "gtid_executed",
    "help_(category|keyword|relation|topic)",
    "innodb_.*",
    "ndb_.*",
    "password_history",
    "plugin",
    "procs_priv",
    "proxies_priv",
    "rds_.*",
    "ro_replica_status",
    "replication_(asynchronous_connection_failover|asynchronous_connection_failover_managed|group_configuration_version|group_member_actions)",
    "role_edges",
    "server_cost",
    "servers",
    "slave_(master_info|relay_log_info|worker_info)",
    "slow_log(_backup)?",
    "tables_priv",
    "time_zone(_leap_second|_name|_transition|_transition_type)?",
    "user",
    "aurora_.*",
  ].join("|")
})$`;
