/** Extensions of a test's own, among them one that has pg_cron's tables: its library is on no machine of ours. @module */

import type { Server } from "../../../scripts/local_rds/server.ts";

/** What pg_cron 1.6 makes, as far as it is tables, and to whom RDS gives it. */
const pgCron = `
  CREATE SCHEMA cron;
  CREATE TABLE cron.job (jobid bigint PRIMARY KEY, schedule text NOT NULL, command text NOT NULL,
    nodename text NOT NULL DEFAULT 'localhost', nodeport int NOT NULL DEFAULT 5432, database text NOT NULL,
    username text NOT NULL DEFAULT current_user, active boolean NOT NULL DEFAULT true, jobname name);
  ALTER TABLE cron.job ENABLE ROW LEVEL SECURITY;
  CREATE POLICY cron_job_policy ON cron.job USING (username = current_user);
  CREATE TABLE cron.job_run_details (jobid bigint, runid bigint PRIMARY KEY, job_pid int, database text, username text,
    command text, status text, return_message text, start_time timestamptz, end_time timestamptz);
  ALTER TABLE cron.job_run_details ENABLE ROW LEVEL SECURITY;
  CREATE POLICY cron_job_run_details_policy ON cron.job_run_details USING (username = current_user);`;

/** Makes pg_cron's tables as an extension's in a database, with a job and its history; they belong to `owner`. */
export async function createPgCron(server: Server, database: string, owner: string, command: string): Promise<void> {
  await createExtension(server, database, "pg_cron", pgCron);
  const tables = ["cron.job", "cron.job_run_details"];
  await server.run(
    `GRANT USAGE ON SCHEMA cron TO ${owner};
    INSERT INTO cron.job (jobid, schedule, command, database)
      SELECT n, '* * * * *', $x$${command}$x$, 'postgres' FROM generate_series(1, 3) AS n;
    INSERT INTO cron.job_run_details (runid, jobid, username, command, return_message)
      SELECT n, 1, 'rdsadmin', $x$${command}$x$, $x$${command}$x$ FROM generate_series(1, 40) AS n;
    ${tables.map((name) => `ALTER TABLE ${name} OWNER TO ${owner}; ANALYZE ${name};`).join(" ")}`,
    database,
  );
}

/** Makes an extension of this name in a database, from its script. */
export async function createExtension(server: Server, database: string, name: string, script: string): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "datascrubber-extension-" });
  try {
    await Deno.mkdir(`${folder}/extension`);
    await Deno.writeTextFile(`${folder}/extension/${name}.control`, "default_version = '1.0'\nrelocatable = false\n");
    await Deno.writeTextFile(`${folder}/extension/${name}--1.0.sql`, script);
    // The server may run as another user.
    for (const path of [folder, `${folder}/extension`]) await Deno.chmod(path, 0o755);
    await server.run(`SET extension_control_path = '${folder}'; CREATE EXTENSION ${name}`, database);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
