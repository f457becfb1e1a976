/** The compiled program: alone on a machine that has nothing else, it does the whole job. @module */

import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { version } from "../../lib/cli/help/version.ts";
import { root } from "../../scripts/compile/bundle.ts";
import { processorOf } from "../../scripts/compile/elf.ts";
import { compile, compileBundle, sha256, targets } from "../../scripts/compile/executable.ts";
import { run } from "../../scripts/compile/run.ts";
import { receiver } from "../end_to_end/stage.ts";
import { bytesAsText } from "../fixtures/bytes_as_text.ts";
import { bareRoot, inBareRoot } from "./bare_root.ts";
import { testedExecutable } from "./executable.ts";
import type { Job } from "./bare_root_job.ts";
import { startProgramAt } from "./started.ts";
import { canCompile, has, isRoot, testWith } from "./tools.ts";

const needs = { "DENO_BIN and DENORT_BIN": canCompile };
const namespaces = { ...needs, "root": isRoot, "unshare": has("unshare"), "ip": has("ip") };

const folder = await Deno.makeTempDir();
Deno.test.afterAll(() => Deno.remove(folder, { recursive: true }));
const executable = canCompile ? (await testedExecutable()).path : "";

/** In namespaces of its own, with nothing but loopback. */
function apart(words: readonly string[]): readonly string[] {
  return ["unshare", "--mount", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh", ...words];
}

testWith(needs, "an executable has its checksum beside it", async () => {
  assertEquals(await Deno.readTextFile(`${executable}.sha256`), `${await sha256(executable)}  datascrubber\n`);
});

testWith(needs, "the same input makes the same bytes, whatever the executable is called", async () => {
  await compile([{ output: `${folder}/again/other-name` }]);
  assertEquals(await sha256(`${folder}/again/other-name`), await sha256(executable));
});

testWith(needs, "an executable is at most 25 MB larger than an empty one", async () => {
  await compileBundle("", { output: `${folder}/empty` });
  const sizes = await Promise.all([executable, `${folder}/empty`].map(async (path) => (await Deno.stat(path)).size));
  const [whole = 0, empty = 0] = sizes;
  assert(whole - empty < 25e6, `${whole} and ${empty} bytes`);
});

Deno.test("an ELF file says what processor it is for", async () => {
  assertEquals(await processorOf(Deno.execPath()), Deno.build.arch);
  await assertRejects(() => processorOf(`${root}/main.ts`), Error, "no 64-bit ELF file");
});

testWith(needs, "an executable is for its target's processor, and none is made that is not", async () => {
  assertEquals(await processorOf(executable), Deno.build.arch);
  const target = targets.find((target) => !target.startsWith(`${Deno.build.arch}-`));
  const output = `${folder}/for-another`;
  const made = compileBundle("", { output, ...(target && { target }) });
  // A runtime that was brought is for this machine; Deno itself fetches the right one.
  if (Deno.env.has("DENORT_BIN")) await assertRejects(() => made, Error, "the base runtime is for");
  else assertEquals(await made.then(() => processorOf(output)), target?.split("-")[0]);
});

testWith(needs, "an executable has OpenTelemetry's packages inside, and sends telemetry of a failed run", async () => {
  const paths = new Set<string>();
  await using collector = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    paths.add(new URL(request.url).pathname);
    return Response.json({});
  });
  const outcome = await startProgramAt([executable, "--mysql-instances", "x", "--region", "eu-west-1"], {
    ...{ AWS_ACCESS_KEY_ID: "id", AWS_SECRET_ACCESS_KEY: "secret", AWS_ENDPOINT_URL_RDS: "http://127.0.0.1:1" },
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${collector.addr.port}`,
  });
  assertEquals([outcome.code, [...paths].toSorted()], [1, ["/v1/metrics", "/v1/traces"]], outcome.stderr);
});

testWith(needs, "an executable names no folder of the machine that made it", async () => {
  const text = bytesAsText(await Deno.readFile(executable));
  for (const place of [root, folder]) assert(!text.includes(place), place);
});

for (
  const [args, code, said] of [
    [["--version"], 0, new RegExp(`^datascrubber ${version.replaceAll(".", "\\.")} \\((unknown )?commit`)],
    [["--help"], 0, /--postgresql-snapshots/],
    [["scrubbers"], 0, /whitehall \(mysql\)/],
    [["config", "schema"], 0, /additionalProperties/],
    [["completions", "bash"], 0, /complete -F/],
    [["--config", "/c.yaml"], 2, /there is no option "dry_run"/],
    [["--mysql-hosts", "a", "--report", "/report.json"], 2, /no file can be made/],
  ] as const
) {
  testWith(namespaces, `in a bare, read-only root without HOME and network: ${args.join(" ")}`, async () => {
    await using bare = await bareRoot(executable, { "c.yaml": "dry_run: true\n" });
    const outcome = await startProgramAt(apart(inBareRoot(bare.path, args)));
    assertEquals(outcome.code, code, outcome.stderr);
    assertMatch(outcome.stdout + outcome.stderr, said);
  });
}

testWith(namespaces, "in a bare, read-only root with nothing but loopback: the whole job on both engines", async () => {
  const words = [
    Deno.execPath(),
    "run",
    "-A",
    `${root}/tests/package/bare_root_job.ts`,
    executable,
    "mysql",
    "postgresql",
  ];
  const [program = "", ...args] = apart(words);
  const outcome: Job = JSON.parse(await run(program, args, { cwd: root }));
  assertEquals(outcome.code, 0, outcome.stderr);
  assertStringIncludes(outcome.stdout, "scrubbed-govuk-mysql-primary-");
  assertEquals(outcome.workspaces, []);
  assertEquals(Object.values(outcome.shares), [[receiver], [receiver]]);
  assertEquals(outcome.stderr.includes("NotCapable"), false);
  assert(
    outcome.memory > 0 && outcome.memory < 140,
    `${outcome.memory} MB: 110 for two sources, and room for when garbage is collected late`,
  );
});
