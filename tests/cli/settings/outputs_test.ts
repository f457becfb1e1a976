/** Options of reports, metrics, alerts and dumps, and the commands that look at AWS. @module */

import { assertEquals } from "@std/assert";
import { parseCommandLine } from "../../../lib/cli/command_line.ts";
import type { Files } from "../../../lib/cli/parse/files.ts";
import type { Settings } from "../../../lib/core/settings.ts";

const files: Files = {
  read: (path) =>
    path === "there.json"
      ? Promise.resolve(new TextEncoder().encode('{"runId":"0","sources":[]}'))
      : Promise.reject(new Deno.errors.NotFound("it is not there")),
  mode: () => Promise.resolve(0o600),
  list: () => Promise.reject(new Deno.errors.NotFound()),
  tryToWrite: (path) => path.startsWith("/nowhere") ? Promise.reject(new Error("no")) : Promise.resolve(),
};

async function parse(args: string): Promise<Partial<Settings> | string> {
  try {
    const command = await parseCommandLine(args.split(" "), {}, files);
    return command.command === "scrub" ? command.settings : command.command;
  } catch (error) {
    return error instanceof Error ? error.message : "";
  }
}

async function setting(name: keyof Settings, args: string): Promise<unknown> {
  const parsed = await parse(`--postgresql-instances a ${args}`.trim());
  return typeof parsed === "string" ? parsed : parsed[name];
}

for (
  const [args, name, wanted] of [
    ["", "s3Export", undefined],
    ["--s3-export s3://dumps", "s3Export", {
      bucket: "dumps",
      prefix: "",
      format: "sql.gz",
      encryption: undefined,
      pgDump: "pg_dump",
      mysqldump: "mysqldump",
    }],
    ["--s3-export s3://dumps/a/b/ --s3-format custom --s3-kms-key alias/x --pg-dump /opt/pg_dump", "s3Export", {
      bucket: "dumps",
      prefix: "a/b",
      format: "custom",
      encryption: { algorithm: "aws:kms", kmsKey: "alias/x" },
      pgDump: "/opt/pg_dump",
      mysqldump: "mysqldump",
    }],
    ["--s3-export s3://Dumps", "s3Export", 'Cannot use --s3-export: "Dumps" can\'t be the name of a bucket'],
    ["--s3-export https://dumps", "s3Export", 'Cannot use --s3-export: "https://dumps" is not s3://BUCKET/PREFIX'],
    ["--s3-format custom", "s3Export", "Cannot use --s3-format without --s3-export"],
    [
      "--mysql-instances b --s3-export s3://dumps --s3-format custom",
      "s3Export",
      'Cannot use --s3-format with "b": MySQL has no custom format',
    ],
    [
      "--s3-export s3://dumps --s3-encryption AES256 --s3-kms-key alias/x",
      "s3Export",
      "Cannot use --s3-kms-key with --s3-encryption AES256",
    ],
    ["--icinga-host monitoring.example", "icinga", {
      host: "monitoring.example",
      port: undefined,
      program: "send_nsca",
      config: undefined,
    }],
    ["--icinga-host [2001:db8::1]:5668 --send-nsca /x --icinga-config /y", "icinga", {
      host: "2001:db8::1",
      port: 5668,
      program: "/x",
      config: "/y",
    }],
    ["--icinga-host=-H", "icinga", 'Cannot use --icinga-host: "-H" is not HOST or HOST:PORT'],
    ["--icinga-host a:99999", "icinga", 'Cannot use --icinga-host: "a:99999" is not HOST or HOST:PORT'],
    ["--icinga-config /y", "icinga", "Cannot use --icinga-config without --icinga-host"],
    ["--notify https://hooks.example/x", "notify", "https://hooks.example/x"],
    ["--notify ftp://secret-word", "notify", "Cannot use --notify: it is not an http or https URL"],
    [
      "--report-html /nowhere/x.html",
      "reportHtml",
      'Cannot write --report-html: no file can be made at "/nowhere/x.html", for it can\'t be opened',
    ],
    ["--metrics-file /var/x.prom", "metricsFile", "/var/x.prom"],
  ] as const
) {
  Deno.test(`${args === "" ? "no option" : args} makes ${name} what it says`, async () => {
    assertEquals(await setting(name, args), wanted);
  });
}

for (
  const [args, wanted] of [
    ["status", "status"],
    ["status --format json --region eu-west-1", "status"],
    ["status --dry-run", 'Cannot use "--dry-run" with status: it takes --region, --format, --log-level only'],
    ["status more", 'Cannot use "more": unknown command or argument'],
    ["verify-report there.json snapshot", "verify-report"],
    ["verify-report there.json", "Cannot run verify-report: neither SNAPSHOT nor --public-key is given"],
    ["verify-report gone.json snapshot", 'Cannot read the report: "gone.json" does not exist'],
    ["verify-report there.json snapshot more", 'Cannot use "more": unknown command or argument'],
    ["report schema", "text"],
  ] as const
) {
  Deno.test(`"${args}" comes to ${wanted}`, async () => assertEquals(await parse(args), wanted));
}
