/** Starts real MariaDB servers, small and quick ones, for tests and for the local RDS. @module */
import { command, handOver } from "./folder.ts";
import { type Product, startProduct } from "./mysql_server.ts";
import { mariadbPrograms, type Programs, runner } from "./programs.ts";
import type { Server, ServerOptions } from "./server.ts";
import { copyOfTemplate, versionText } from "./template.ts";

const settings = {
  "bind-address": "127.0.0.1",
  "require-secure-transport": "ON",
  // So that rdsadmin@localhost logs in only by the socket: by TCP the host is 127.0.0.1.
  "skip-name-resolve": "ON",
  // As on RDS: no binary log without backups; logs are tables; performance_schema is off.
  "skip-log-bin": "",
  "log-output": "TABLE",
  "default-time-zone": "+00:00",
  "max-connections": "60",
  "innodb-buffer-pool-size": "128M",
  "innodb-log-buffer-size": "8M",
  "innodb-log-file-size": "32M",
  // A purge fills the log and waits for checkpoints: with Aria's own values, 1 GiB and 30 seconds, a run takes that much longer.
  "aria-log-file-size": "8M",
  "aria-checkpoint-interval": "1",
  "innodb-buffer-pool-dump-at-shutdown": "OFF",
  "innodb-buffer-pool-load-at-startup": "OFF",
  // The data are a copy, which a crash of the machine may destroy.
  "innodb-flush-log-at-trx-commit": "2",
  "innodb-doublewrite": "OFF",
  "innodb-flush-method": "nosync",
};

const mariadb: Product = {
  engine: "mariadb",
  name: "MariaDB",
  program: "mariadbd",
  settings,
  programs: mariadbPrograms,
  initialise,
};

/** Starts MariaDB and waits until it accepts connections. */
export function startMariadb(options: ServerOptions = {}): Promise<Server> {
  return startProduct(mariadb, options);
}

/** The version of MariaDB's programs. */
export async function mariadbVersion(): Promise<string> {
  await using programs = await mariadbPrograms();
  return await versionOf(programs);
}

async function versionOf(programs: Programs): Promise<string> {
  const text = await versionText(programs.path("mariadbd"), ["--no-defaults"]);
  return /(?<= Ver )[\d.]+/.exec(text)?.[0] ?? "unknown";
}

/** What mariadb-install-db runs, without help texts. */
const scripts = ["system_tables", "performance_tables", "system_tables_data", "sys_schema"];

// The script for data makes root@localhost and others without a password; RDS has rdsadmin@localhost in their place.
const superuser = `DELETE FROM global_priv WHERE user = 'root' AND host <> 'localhost';
UPDATE global_priv SET user = 'rdsadmin' WHERE user = 'root';
DELETE FROM proxies_priv;
`;

async function initialise(programs: Programs, dataDir: string): Promise<void> {
  const mariadbd = programs.path("mariadbd");
  await copyOfTemplate({ kind: "mariadb", version: `${await versionOf(programs)}-small` }, dataDir, async (folder) => {
    const texts = await Promise.all(
      scripts.map((name) => Deno.readTextFile(programs.path(`root/usr/share/mariadb/mariadb_${name}.sql`))),
    );
    const all = `${folder}.sql`;
    await Deno.writeTextFile(
      all,
      ["CREATE DATABASE mysql;\nUSE mysql;\nSET @auth_root_socket = NULL;\n", ...texts, "USE mysql;\n", superuser].join(
        "",
      ),
    );
    await handOver(all);
    await Deno.mkdir(folder);
    await handOver(folder);
    const options = [
      "--no-defaults",
      "--bootstrap",
      `--datadir=${folder}`,
      "--skip-log-bin",
      "--innodb-log-file-size=8M",
    ];
    const [from, ...args] = [all, mariadbd, ...options, "--innodb-doublewrite=OFF", "--innodb-flush-method=nosync"];
    await command("sh", ["-c", 'from=$1; shift; exec "$@" <"$from"', "sh", from, ...args], runner());
  });
}
