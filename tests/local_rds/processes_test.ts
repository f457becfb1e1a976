/** What the servers and the local RDS leave behind when their owner is killed, and where they run when root starts them. @module */
import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { DescribeDBInstancesCommand } from "@aws-sdk/client-rds";
import { makeAuthority } from "../../scripts/local_rds/certificate.ts";
import { startMysql } from "../../scripts/local_rds/mysql_server.ts";
import { startPostgresql } from "../../scripts/local_rds/postgresql_server.ts";
import { clientOf } from "./client.ts";

const module = (name: string) => new URL(`../../scripts/local_rds/${name}`, import.meta.url).href;

/** Another Deno that starts something, tells about it, and waits for ever. */
function start(code: string): Deno.ChildProcess {
  const args = ["run", "-A", "-q", "--config", new URL("../../deno.json", import.meta.url).pathname, "-"];
  const child = new Deno.Command(Deno.execPath(), { args, stdin: "piped", stdout: "piped", stderr: "inherit" }).spawn();
  const text = new Blob([`${code}\nawait new Promise((resolve) => setTimeout(resolve, 1e6));`]).stream();
  text.pipeTo(child.stdin);
  return child;
}

async function firstLine(child: Deno.ChildProcess): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of child.stdout.values({ preventCancel: true })) {
    text += decoder.decode(chunk, { stream: true });
    if (text.includes("\n")) break;
  }
  return text.split("\n")[0] ?? "";
}

function isRunning(pid: number): boolean {
  try {
    Deno.kill(pid, "SIGCONT");
    return true;
  } catch {
    return false;
  }
}

/** The guard needs a moment; this ends as soon as it is over, and fails by the test's own time-out. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!await holds()) await new Promise((resolve) => setTimeout(resolve, 20));
}

async function isGone(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => false, (error) => error instanceof Deno.errors.NotFound);
}

for (const [name, file] of [["startPostgresql", "postgresql_server.ts"], ["startMysql", "mysql_server.ts"]]) {
  Deno.test(`${name}()'s server and files are gone when its owner is killed`, { timeout: 60_000 }, async () => {
    const child = start(`import { ${name} } from "${module(file ?? "")}";
      const server = await ${name}();
      console.log(JSON.stringify({ pid: server.pid, dataDir: server.dataDir }));`);
    const { pid, dataDir } = JSON.parse(await firstLine(child));
    assertEquals(isRunning(pid), true);
    child.kill("SIGKILL");
    await child.status;
    await child.stdout.cancel();
    await until(async () => !isRunning(pid) && await isGone(dataDir) && await isGone(dataDir.replace(/\/data$/, "")));
  });
}

Deno.test("The local RDS's files are gone when it is killed", { timeout: 60_000 }, async () => {
  const child = start(`import { startLocalRds } from "${module("local_rds.ts")}";
    const rds = await startLocalRds();
    console.log(rds.caFile);`);
  const caFile = await firstLine(child);
  assertEquals(await isGone(caFile), false);
  child.kill("SIGKILL");
  await child.status;
  await child.stdout.cancel();
  await until(() => isGone(caFile.replace(/\/[^/]*$/, "")));
});

Deno.test("The local RDS as a program prints its environment, serves what its file says, and ends at SIGTERM", async () => {
  const rules = await Deno.makeTempFile({ suffix: ".json" });
  const snapshotTime = "2026-01-02T03:04:05Z";
  await Deno.writeTextFile(
    rules,
    JSON.stringify({ servers: false, productions: [{ id: "prod", engine: "postgres", snapshotTime }] }),
  );
  const args = ["run", "-A", "-q", module("main.ts"), rules];
  const child = new Deno.Command(Deno.execPath(), { args, stdout: "piped", stderr: "inherit" }).spawn();
  const url = /'(.*)'/.exec(await firstLine(child))?.[1] ?? "";
  const client = clientOf({ url, region: "eu-west-1" });
  const { DBInstances } = await client.send(new DescribeDBInstancesCommand({}));
  assertEquals(DBInstances?.[0]?.Endpoint?.Address, "prod.c0ffee000000.eu-west-1.rds.amazonaws.com");
  client.destroy();
  child.kill("SIGTERM");
  assertEquals((await child.status).code, 0);
  await child.stdout.cancel();
  await Deno.remove(rules);
});

for (const [engine, start] of [["PostgreSQL", startPostgresql], ["MySQL", startMysql]] as const) {
  Deno.test(`${engine} keeps a data directory that it was given, and uses it again`, async () => {
    const folder = await Deno.makeTempDir();
    await Deno.chmod(folder, 0o755);
    const dataDir = `${folder}/data`;
    const authority = await makeAuthority();
    const first = await start({ dataDir, authority });
    await first.run("CREATE DATABASE kept");
    await first.stop("clean");
    await using second = await start({ dataDir, authority });
    const list = engine === "MySQL" ? "SHOW DATABASES LIKE 'kept'" : "SELECT 1 FROM pg_database WHERE datname = 'kept'";
    assertEquals((await second.run(list)).length, 1);
    await second.stop("now");
    await Deno.remove(folder, { recursive: true });
  });
}

Deno.test("A server that does not start says why", async () => {
  const error = await assertRejects(() => startPostgresql({ settings: { shared_buffers: "none" } }), Error);
  assertMatch(error.message, /^Cannot start PostgreSQL: .*invalid value for parameter "shared_buffers"/s);
});

Deno.test({
  name: "Started by root from a folder that only root can enter, the servers run as somebody else",
  ignore: Deno.uid() !== 0,
  async fn() {
    const project = new URL("../../", import.meta.url).pathname;
    const clone = await Deno.makeTempDir({ dir: `${project}.tools`, prefix: "clone-" }); // where links are possible
    await Deno.chmod(clone, 0o700);
    await Deno.mkdir(`${clone}/.tools`);
    const parts = ["scripts", "lib", "deno.json", "deno.lock", ".tools/postgresql", ".tools/mysql", ".tools/templates"];
    for (const part of parts) {
      await new Deno.Command("cp", { args: ["-al", `${project}${part}`, `${clone}/${part}`] }).output();
    }
    const started = `import { startMysql } from "${clone}/scripts/local_rds/mysql_server.ts";
      import { startPostgresql } from "${clone}/scripts/local_rds/postgresql_server.ts";
      const uids = [];
      for (const start of [startPostgresql, startMysql]) {
        await using server = await start();
        uids.push((await Deno.stat("/proc/" + server.pid)).uid);
      }
      console.log(JSON.stringify(uids));`;
    const environment = { DENO_DIR: Deno.env.get("DENO_DIR") ?? `${project}.tools/deno-cache` };
    const args = ["run", "-A", "-q", "--config", `${clone}/deno.json`, "-"];
    const child = new Deno.Command(Deno.execPath(), { args, env: environment, stdin: "piped", stdout: "piped" })
      .spawn();
    await new Blob([started]).stream().pipeTo(child.stdin);
    const { stdout } = await child.output();
    assertEquals(JSON.parse(new TextDecoder().decode(stdout)), [65534, 65534]);
    await Deno.remove(clone, { recursive: true });
  },
});
