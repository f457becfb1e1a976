/** Starts real MySQL servers, small and quick ones, for tests and for the local RDS. @module */
import { createConnection } from "mysql2/promise";
import { command, type Folder, handOver, isThere, temporaryFolder } from "./folder.ts";
import { mysqlPrograms, type Programs, runner } from "./programs.ts";
import { startProcess, waitUntil } from "./process.ts";
import { atFreePort, localAuthority, type Row, type Server, type ServerOptions } from "./server.ts";
import { copyOfTemplate, versionText } from "./template.ts";

/** Of new data: little to copy. */
const redoCapacity = "8M";

const settings = {
  "bind-address": "127.0.0.1",
  "require-secure-transport": "ON",
  // So that rdsadmin@localhost logs in only by the socket: by TCP the host is 127.0.0.1.
  "skip-name-resolve": "ON",
  // As on RDS: the master may write everywhere but in schema mysql; no binary log without backups; logs are tables.
  "partial-revokes": "ON",
  "skip-log-bin": "",
  "log-output": "TABLE",
  "secure-file-priv": "NULL",
  "mysqlx": "OFF",
  "auto-generate-certs": "OFF",
  "default-time-zone": "+00:00",
  "max-connections": "60",
  "innodb-buffer-pool-size": "128M",
  "innodb-log-buffer-size": "8M",
  // As little as a run's purge writes anyway: with 8M the server flushes pages all the time, and a purge takes twice the processor.
  "innodb-redo-log-capacity": "32M",
  // As on RDS from 8.4 on. With it a purge fills the buffer pool.
  "innodb-change-buffering": "none",
  "innodb-buffer-pool-dump-at-shutdown": "OFF",
  "innodb-buffer-pool-load-at-startup": "OFF",
  // The data are a copy, which a crash of the machine may destroy.
  "innodb-flush-log-at-trx-commit": "2",
  "innodb-doublewrite": "OFF",
  // DDL waits for the disk several times a table otherwise.
  "innodb-flush-method": "nosync",
  // Room for a few sessions: by default half of a start, and of a small server's memory, is for statistics of thousands.
  "performance-schema-accounts-size": "20",
  "performance-schema-hosts-size": "20",
  "performance-schema-users-size": "20",
  "performance-schema-digests-size": "500",
  "performance-schema-error-size": "20",
  "performance-schema-events-stages-history-long-size": "0",
  "performance-schema-events-statements-history-long-size": "0",
  "performance-schema-events-transactions-history-long-size": "0",
  "performance-schema-events-waits-history-long-size": "0",
  "performance-schema-max-thread-instances": "120",
};

// Initialising makes root@localhost without a password; RDS has rdsadmin@localhost in its place.
const superuser = "RENAME USER 'root'@'localhost' TO 'rdsadmin'@'localhost';\n";

/** A server that speaks MySQL's protocol. */
export interface Product {
  readonly engine: "mysql" | "mariadb";
  readonly name: "MySQL" | "MariaDB";
  /** Of the server itself. */
  readonly program: string;
  readonly settings: Readonly<Record<string, string>>;
  programs(): Promise<Programs>;
  /** Makes the data directory, with a superuser rdsadmin@localhost. */
  initialise(programs: Programs, dataDir: string): Promise<void>;
}

const mysql: Product = {
  engine: "mysql",
  name: "MySQL",
  program: "mysqld",
  settings,
  programs: mysqlPrograms,
  initialise,
};

/** Starts MySQL and waits until it accepts connections. */
export function startMysql(options: ServerOptions = {}): Promise<Server> {
  return startProduct(mysql, options);
}

/** Starts a server and waits until it accepts connections. */
export async function startProduct(product: Product, options: ServerOptions): Promise<Server> {
  await using undo = new AsyncDisposableStack();
  const programs = undo.use(await product.programs());
  const folder = undo.use(await temporaryFolder());
  const dataDir = options.dataDir ?? `${folder.path}/data`;
  if (await isThere(dataDir)) await handOver(dataDir);
  else await product.initialise(programs, dataDir);
  const { ca, paths } = await writeAccess(folder, options);
  const server = await atFreePort(
    options.port,
    (port) => start(product, programs, folder, { ...paths, ...options.settings, datadir: dataDir, port: String(port) }),
  );
  undo.defer(() => server.process.end("SIGKILL"));
  const owned = undo.move();
  return {
    engine: product.engine,
    host: "localhost",
    port: server.port,
    ca,
    caFile: `${folder.path}/ca.pem`,
    superuser: { user: "rdsadmin", socket: paths.socket },
    dataDir,
    pid: server.process.pid,
    logFile: server.log,
    run: (statements, database) => run(paths.socket, statements, database),
    async stop(mode) {
      await server.process.end(mode === "clean" ? "SIGTERM" : "SIGKILL");
      await owned.disposeAsync();
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** The version of MySQL's programs. */
export async function mysqlVersion(): Promise<string> {
  await using programs = await mysqlPrograms();
  return await versionOf(programs);
}

async function versionOf(programs: Programs): Promise<string> {
  const text = await versionText(programs.path("mysqld"), ["--no-defaults"]);
  return /(?<= Ver )[\d.]+/.exec(text)?.[0] ?? "unknown";
}

async function initialise(programs: Programs, dataDir: string): Promise<void> {
  const mysqld = programs.path("mysqld");
  await copyOfTemplate({ kind: "mysql", version: `${await versionOf(programs)}-small` }, dataDir, async (folder) => {
    const first = `${folder}.sql`;
    await Deno.writeTextFile(first, superuser);
    await handOver(first);
    const small = [`--innodb-redo-log-capacity=${redoCapacity}`, "--innodb-doublewrite=OFF"];
    const log = ["--skip-log-bin", ...small, "--auto-generate-certs=OFF", "--mysqlx=OFF"];
    await command(mysqld, [
      "--no-defaults",
      "--initialize-insecure",
      `--datadir=${folder}`,
      `--init-file=${first}`,
      ...log,
    ], runner());
  });
}

/** Everything that is the server's and not the data's lies beside the data, in a folder of this run. */
async function writeAccess(folder: Folder, { authority, names = ["localhost"] }: ServerOptions) {
  const { ca, issue } = authority ?? await localAuthority();
  const { certificate, key } = await issue(names);
  for (const [name, text] of Object.entries({ "ca.pem": ca, "server.crt": certificate, "server.key": key })) {
    await Deno.writeTextFile(`${folder.path}/${name}`, text, { mode: 0o600 });
    await handOver(`${folder.path}/${name}`);
  }
  const paths = {
    "ssl-ca": `${folder.path}/ca.pem`,
    "ssl-cert": `${folder.path}/server.crt`,
    "ssl-key": `${folder.path}/server.key`,
    "socket": `${folder.path}/mysql.sock`,
    "pid-file": `${folder.path}/mysqld.pid`,
    "tmpdir": folder.path,
  };
  return { ca, paths };
}

async function start(product: Product, programs: Programs, folder: Folder, own: Record<string, string>) {
  const port = Number(own.port);
  const log = `${folder.path}/mysql-${port}.log`;
  const all = Object.entries({ ...product.settings, ...own });
  const process = startProcess({
    program: programs.path(product.program),
    args: ["--no-defaults", ...all.map(([name, value]) => value === "" ? `--${name}` : `--${name}=${value}`)],
    log,
    lastSignal: "SIGKILL",
    folders: [folder.path, ...programs.copies],
  });
  // Written when the server is about to accept connections; the socket may answer a moment later.
  const ready = async () => {
    const written = await Deno.stat(`${folder.path}/mysqld.pid`).then(() => true, () => false);
    return written && await run(`${folder.path}/mysql.sock`, "SELECT 1").then(() => true, () => false);
  };
  await waitUntil(ready, product.name, process, log);
  return { process, port, log };
}

async function run(socketPath: string, statements: string, database?: string): Promise<readonly Row[]> {
  const connection = await createConnection({
    socketPath,
    user: "rdsadmin",
    multipleStatements: true,
    supportBigNumbers: true,
    dateStrings: true,
    ...(database === undefined ? {} : { database }),
  });
  try {
    const [results] = await connection.query(statements);
    return lastRows(results);
  } finally {
    await connection.end();
  }
}

/** One statement gives a list of rows; several give a list of such lists and of headers. */
function lastRows(results: unknown): readonly Row[] {
  if (!Array.isArray(results)) return [];
  const lists = results.some(Array.isArray) ? results.filter(Array.isArray) : [results];
  return lists.findLast((rows) => rows.length > 0)?.map((row: Row) => ({ ...row })) ?? [];
}
