/** Starts real PostgreSQL servers, small and quick ones, for tests and for the local RDS. @module */
import postgres from "postgres";
import { allowExtensions } from "./allowed_extensions.ts";
import { command, type Folder, handOver, isThere, temporaryFolder } from "./folder.ts";
import { postgresqlPrograms, type Programs, runner } from "./programs.ts";
import { startProcess, waitUntil } from "./process.ts";
import { atFreePort, localAuthority, type Row, type Server, type ServerOptions } from "./server.ts";
import { copyOfTemplate, versionText } from "./template.ts";

// As on RDS: rdsadmin and its database cannot be used, every login needs TLS, and a member of rds_iam logs in
// by a token, never by a password (the code is RDS's, 28000; the text is not: this build has no PAM).
const access = `
local   all       rdsadmin              trust
hostssl rdsadmin  all       all         reject
hostssl all       rdsadmin  all         reject
hostssl all       +rds_iam  all         reject
hostssl all       all       all         scram-sha-256
`;

const settings = {
  password_encryption: "scram-sha-256", // the default from 14 on
  listen_addresses: "127.0.0.1",
  ssl: "on",
  max_connections: "60",
  shared_buffers: "64MB",
  max_wal_size: "256MB",
  // The data are a copy, which a crash of the machine may destroy.
  fsync: "off",
  full_page_writes: "off",
  timezone: "UTC",
  log_timezone: "UTC",
};

/** Starts PostgreSQL and waits until it accepts connections. */
export async function startPostgresql(options: ServerOptions = {}): Promise<Server> {
  await using undo = new AsyncDisposableStack();
  const programs = undo.use(await postgresqlPrograms());
  const folder = undo.use(await temporaryFolder());
  const dataDir = options.dataDir ?? `${folder.path}/data`;
  if (await isThere(dataDir)) await handOver(dataDir);
  else await initialise(programs, dataDir);
  const { ca, names } = await writeAccess(folder, options);
  const extensions = await allowExtensions(folder.path, programs.path("postgres"), await versionOf(programs));
  const server = await atFreePort(
    options.port,
    (port) => start(programs, folder, dataDir, port, { ...names, ...extensions, ...options.settings }),
  );
  undo.defer(() => server.process.end("SIGQUIT"));
  const owned = undo.move();
  return {
    engine: "postgres",
    host: "localhost",
    port: server.port,
    ca,
    caFile: `${folder.path}/ca.pem`,
    superuser: { user: "rdsadmin", socket: folder.path },
    dataDir,
    pid: server.process.pid,
    logFile: server.log,
    run: (statements, database = "postgres") => run(folder.path, server.port, statements, database),
    async stop(mode) {
      await server.process.end(mode === "clean" ? "SIGINT" : "SIGQUIT");
      await owned.disposeAsync();
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** The version of PostgreSQL's programs. */
export async function postgresqlVersion(): Promise<string> {
  await using programs = await postgresqlPrograms();
  return await versionOf(programs);
}

async function versionOf(programs: Programs): Promise<string> {
  return /[\d.]+\w*/.exec(await versionText(programs.path("postgres")))?.[0] ?? "unknown";
}

async function initialise(programs: Programs, dataDir: string): Promise<void> {
  const initdb = programs.path("initdb");
  const version = await versionOf(programs);
  await copyOfTemplate({ kind: "postgresql", version }, dataDir, async (folder) => {
    // The server's own C.UTF-8, from 17 on, is the same on every system.
    const locale = parseInt(version) >= 17
      ? ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
      : ["--locale=C.UTF-8"];
    const args = ["-D", folder, "-U", "rdsadmin", "--auth=trust", "--no-sync", "--encoding=UTF8", ...locale];
    await command(initdb, args, runner());
  });
}

/** Everything that is the server's and not the data's lies beside the data, in a folder of this run. */
async function writeAccess(folder: Folder, { authority, names = ["localhost"] }: ServerOptions) {
  const { ca, issue } = authority ?? await localAuthority();
  const { certificate, key } = await issue(names);
  const files = { "ca.pem": ca, "server.crt": certificate, "server.key": key, "pg_hba.conf": access };
  for (const [name, text] of Object.entries(files)) {
    await Deno.writeTextFile(`${folder.path}/${name}`, text, { mode: 0o600 });
    await handOver(`${folder.path}/${name}`);
  }
  const paths = {
    ssl_cert_file: `${folder.path}/server.crt`,
    ssl_key_file: `${folder.path}/server.key`,
    hba_file: `${folder.path}/pg_hba.conf`,
    unix_socket_directories: folder.path,
  };
  return { ca, names: paths };
}

async function start(programs: Programs, folder: Folder, dataDir: string, port: number, extra: Record<string, string>) {
  const log = `${folder.path}/postgresql-${port}.log`;
  const all = Object.entries({ ...settings, ...extra, port: String(port) });
  const process = startProcess({
    program: programs.path("postgres"),
    args: ["-D", dataDir, ...all.flatMap(([name, value]) => ["-c", `${name}=${value}`])],
    log,
    lastSignal: "SIGQUIT",
    folders: [folder.path, ...programs.copies],
  });
  // The server itself writes there when it is ready. A file of a former run has another pid in its first line.
  const ready = async () => {
    const lines = (await Deno.readTextFile(`${dataDir}/postmaster.pid`).catch(() => "")).split("\n");
    return lines[0] === String(process.pid) && lines[7]?.trim() === "ready";
  };
  await waitUntil(ready, "PostgreSQL", process, log);
  return { process, port, log };
}

async function run(socket: string, port: number, statements: string, database: string): Promise<readonly Row[]> {
  const options = {
    host: socket,
    port,
    database,
    username: "rdsadmin",
    max: 1,
    fetch_types: false,
    onnotice: () => {},
  };
  const connection = postgres(options);
  try {
    const results: unknown = await connection.unsafe(statements);
    return lastRows(results);
  } finally {
    await connection.end({ timeout: 5 });
  }
}

/** One statement gives a list of rows; several give a list of such lists. */
function lastRows(results: unknown): readonly Row[] {
  if (!Array.isArray(results)) return [];
  const lists = results.every(Array.isArray) && results.length > 0 ? results : [results];
  return lists.findLast((rows) => rows.length > 0)?.map((row: Row) => ({ ...row })) ?? [];
}
