/** From arguments, environment and configuration file to a command. @module */

import { topicOf } from "./help/topic.ts";
import { topicNamed } from "./help/topics.ts";
import { readAccounts } from "./settings/accounts.ts";
import { readAwsName, readIsolate, readWorkspace, readWorkspaces } from "./settings/aws_names.ts";
import { readCertificates } from "./settings/certificates.ts";
import type { Command } from "./settings/command.ts";
import { commandOf, commands, planSources, shells } from "./options/commands.ts";
import { durationUnits, workspacesKey } from "./options/option.ts";
import { readDatabases } from "./settings/database_choices.ts";
import { type Files, readFileOf } from "./parse/files.ts";
import { type Environment, type ParsedOptions, parseOptions, parseOptionsOfFile } from "./parse/parsed_options.ts";
import {
  engineNames,
  finalSnapshots,
  leakSearches,
  logFormats,
  logLevels,
  logModes,
  onDrift,
  type OptionName,
  options,
  outputFormats,
  unknownDatabases,
} from "./options/options.ts";
import { readLiveDatabase } from "./settings/live_database.ts";
import { readOutputs, readPath } from "./settings/outputs.ts";
import { readPseudonymKey } from "./settings/pseudonym_key.ts";
import { readPublicKey, readSignKey, readSignKmsKey } from "./settings/sign_key.ts";
import { readReviewedFileOf, readReviews, type ReviewedFile } from "./settings/reviewed_file.ts";
import { envelopePath } from "../report/signed_statement.ts";
import { asRunId } from "../core/run_id.ts";
import type { Settings } from "../core/settings.ts";
import { isSnapshotIdentifier, namesSources, readInstanceName, readSources } from "./settings/sources.ts";
import { quoted, usageError } from "./parse/usage_error.ts";
import { closestName } from "../core/closest_name.ts";
import { readRuleFiles, readRulePaths, ruleFileText } from "./settings/rule_files.ts";
import type { ReadRuleFile } from "../core/rule_file.ts";
import { readPrevious, readReport } from "./settings/report_file.ts";
import { liveName, type LiveRequest } from "../core/live_database.ts";
import { readPrices } from "./settings/prices_file.ts";
import { readCopyTargets, readRegion } from "./settings/regions.ts";
import { protectionOf, readPatterns } from "./settings/protected.ts";
import { readRebuild } from "./settings/rebuild.ts";
import { readRefresh } from "./settings/refresh.ts";
import { readWarm } from "./settings/warm.ts";

const { seconds: second, minutes: minute, hours: hour } = durationUnits;
/** The formats of all commands but `review`. */
const tableOrJson = ["table", "json"] as const;
const names = commands.map(({ words }) => words).filter((words) => words !== "");

/**
 * The command that the command line asks for.
 *
 * @throws {ScrubError} `usage` on anything that is not fully understood.
 */
export async function parseCommandLine(
  args: readonly string[],
  environment: Environment,
  files: Files,
): Promise<Command> {
  const parsed = await parseOptions(args, environment, files);
  if (parsed.flag("help")) return help(topicOf(args));
  if (parsed.flag("version")) return { command: "version" };
  const { name, values } = readCommand(parsed.words);
  if (name === "scrub" && parsed.words.length > 0 && meansUrl(parsed)) {
    return await readScrubUrl(parsed, environment, files);
  }
  if (name !== "scrub") refuseOptions(name, parsed);
  switch (name) {
    case "help":
      return values.length === 0 ? help() : help(subjectCalled(values));
    case "scrubbers": {
      const [name] = values;
      const format = parsed.choice("format", tableOrJson) ?? "table";
      const ruleFiles = await readRuleFiles(parsed, environment, files);
      return { command: "scrubbers", ...(name !== undefined && { name }), ruleFiles, format };
    }
    case "strategies": {
      const [name] = values;
      const format = parsed.choice("format", tableOrJson) ?? "table";
      return { command: "strategies", ...(name !== undefined && { name }), format };
    }
    case "status":
      return {
        command: "status",
        region: readRegion(parsed),
        format: parsed.choice("format", tableOrJson) ?? "table",
        logLevel: readLogLevel(parsed),
      };
    case "sweep":
      return {
        command: "sweep",
        region: readRegion(parsed),
        ...readRun(parsed),
        dryRun: parsed.flag("dry-run"),
        ...readWaits(parsed),
        logLevel: readLogLevel(parsed),
      };
    case "finish":
      return await readFinish(parsed, values, files);
    case "parameter-group":
      return {
        command: "parameter-group",
        region: readRegion(parsed),
        source: readInstanceName(requiredValue(name, values)),
        dryRun: parsed.flag("dry-run"),
        ...readWaits(parsed),
        logLevel: readLogLevel(parsed),
      };
    case "review":
      return await readReview(parsed, environment, files);
    case "init":
      return {
        command: "init",
        path: requiredValue(name, values),
        request: await readLive(parsed, environment, files, [], undefined),
        sample: parsed.number("sample"),
        force: parsed.flag("force"),
        logLevel: readLogLevel(parsed),
      };
    case "import":
      return await readImport(args, parsed, values, environment, files);
    case "plan":
      return await readPlan(parsed, environment, files);
    case "verify-report":
      return await readVerifyReport(parsed, values, files);
    case "report schema":
      return { command: "text", text: (await import("../report/report_schema.ts")).reportSchema() };
    case "config check":
      return { command: "text", text: await checkConfig(requiredValue(name, values), environment, files) };
    case "config schema":
      return { command: "text", text: (await import("./help/config_schema.ts")).configSchema() };
    case "rules check":
      return await readRulesCheck(parsed, [requiredValue(name, values), ...values.slice(1)], environment, files);
    case "rules schema":
      return { command: "text", text: (await import("../scrub/rule_files/json_schema.ts")).ruleFileSchema() };
    case "completions":
      return { command: "text", text: await completions(requiredValue(name, values)) };
    case "man":
      return { command: "text", text: (await import("./help/man_page.ts")).manPage() };
  }
  refuseOthers(parsed);
  const settings = await readSettings(parsed, readSources(parsed), environment, files);
  return {
    command: "scrub",
    settings,
    key: await readPseudonymKey(parsed, files),
    signKey: await readSignKey(parsed, files),
    previous: await readPrevious(parsed, files),
    prices: await readPrices(parsed, files),
  };
}

function help(of?: string): Command {
  return { command: "help", ...(of !== undefined && { of }) };
}

/** The words of the command, or the topic, that `help` is asked about; undefined for a run. */
function subjectCalled(words: readonly string[]): string | undefined {
  const typed = words.join(" ");
  const row = commandOf(words);
  if (row?.words === typed || typed === "scrub") return row?.words;
  if (topicNamed(typed)) return typed;
  const longer = names.filter((name) => name.startsWith(`${typed} `));
  const meant = closestName(typed, names);
  throw usageError(
    `Cannot help with ${quoted(typed)}: there is no such command`,
    longer.length > 0
      ? `Name one of ${longer.join(", ")}.`
      : meant
      ? `Did you mean ${meant}?`
      : "datascrubber help lists all commands.",
  );
}

/** The command that the words begin with, and the rest of them. */
function readCommand(words: readonly string[]): { readonly name: string; readonly values: readonly string[] } {
  const [first, second] = words;
  if (first === undefined) return { name: "scrub", values: [] };
  const name = names.find((name) => name === `${first} ${second}`) ?? names.find((name) => name === first);
  const values = words.slice(name?.split(" ").length ?? 0);
  if (name === "help") return { name, values };
  const row = commands.find(({ words }) => words === name);
  const unknown = name === undefined
    ? first
    : row?.value.endsWith("…")
    ? undefined
    : values[row === undefined || row.value === "" ? 0 : row.value.split(" ").length];
  if (name !== undefined && unknown === undefined) return { name, values };
  const meant = name === undefined
    ? names.find((name) => name.startsWith(`${first} `)) ?? closestName(first, names) ??
      closestName(`${first} ${second}`, names)
    : undefined;
  throw usageError(
    `Cannot use ${quoted(unknown ?? "")}: unknown command or argument`,
    meant ? `Did you mean ${meant}?` : "Write a value right behind its option; datascrubber --help lists all options.",
  );
}

function refuseOptions(name: string, parsed: ParsedOptions): void {
  const taken = commands.find(({ words }) => words === name)?.options ?? [];
  const other = options.find((option) =>
    parsed.origin(option.name) === "command line" && !taken.some((one) => one === option.name)
  );
  if (other === undefined) return;
  const spelt = taken.map((one) => `--${one}`).join(", ");
  throw usageError(
    `Cannot use "--${other.name}" with ${name}: it takes ${taken.length > 0 ? `${spelt} only` : "no options"}`,
    taken.length > 0 ? "Leave it out." : `Write datascrubber ${name} alone.`,
  );
}

async function readFinish(parsed: ParsedOptions, values: readonly string[], files: Files): Promise<Command> {
  const run = readRun(parsed);
  if (run.run !== undefined && values.length > 0) {
    throw usageError(
      "Cannot run finish: both a source and --run are given",
      "Write either the sources, or the run whose snapshots to finish.",
    );
  }
  // That of a configuration file or the environment is the run's, and its snapshots have its digest.
  const report = parsed.origin("report") === "command line" ? await readPath(parsed, "report", files) : undefined;
  return {
    command: "finish",
    region: readRegion(parsed),
    sources: values.map(readInstanceName),
    ...run,
    shareWith: readAccounts(parsed),
    snapshotRetention: parsed.number("snapshot-retention") ?? 5,
    ...readWaits(parsed),
    snapshotTimeout: readSnapshotTimeout(parsed),
    ...(report !== undefined && { report }),
    logLevel: readLogLevel(parsed),
  };
}

async function readReview(parsed: ParsedOptions, environment: Environment, files: Files): Promise<Command> {
  const write = parsed.flag("write");
  const showValues = parsed.flag("show-values");
  if (showValues && !write) {
    throw usageError("Cannot use --show-values: only review --write shows values", "Add --write, or leave it out.");
  }
  const format = parsed.choice("format", outputFormats) ?? "table";
  if (write && format !== "table") {
    throw usageError(
      `Cannot use --write with ${parsed.label("format")} ${format}: it asks on a terminal`,
      "Leave one of them out.",
    );
  }
  const ruleFiles = await readRuleFiles(parsed, environment, files);
  const file = await readReviewedFileOf(parsed, files, ruleFiles, write);
  if (write && !file && ruleFiles.length === 0) {
    throw usageError(
      "Cannot use --write: --reviewed names no file to write",
      "Add --reviewed FILE, or --rules FILE where the rules are in a file.",
    );
  }
  return {
    command: "review",
    request: await readLive(parsed, environment, files, ruleFiles, file),
    format,
    ...(file && { file }),
    write,
    showValues,
    logLevel: readLogLevel(parsed),
  };
}

async function readImport(
  args: readonly string[],
  parsed: ParsedOptions,
  [from = "", path = ""]: readonly string[],
  environment: Environment,
  files: Files,
): Promise<Command> {
  if (from === "" || path === "") requiredValue("import", []);
  const engine = parsed.choice("engine", engineNames);
  const target = {
    path,
    ...(engine !== undefined && { engine }),
    force: parsed.flag("force"),
    logLevel: readLogLevel(parsed),
  };
  if (!/^(?:jdbc:)?[a-z][a-z0-9+.-]*:\/\//i.test(from)) {
    return {
      command: "import",
      source: { bytes: await readFileOf("the file to import", from, files), path: from },
      ...target,
    };
  }
  if (engine !== undefined) {
    throw usageError("Cannot use --engine with a URL: its scheme says the server", "Leave it out.");
  }
  // The same as with --url: where its password may stand, and what else it may hold.
  const others = args.filter((_, at) => at !== args.indexOf(from));
  const withUrl = await parseOptions([...others, "--url", from], environment, files);
  return {
    command: "import",
    source: { request: await readLive(withUrl, environment, files, [], undefined) },
    ...target,
  };
}

async function readPlan(parsed: ParsedOptions, environment: Environment, files: Files): Promise<Command> {
  const format = parsed.choice("format", tableOrJson) ?? "table";
  const typed = (name: OptionName) => parsed.origin(name) === "command line";
  const ofSource = planSources.find(typed);
  const ofUrl = (["url", "scrubber", "insecure", "sample", "show-values"] as const).find(typed);
  if (ofSource !== undefined && ofUrl !== undefined) {
    throw usageError(
      `Cannot use --${ofUrl} with --${ofSource}: plan looks at a database by URL, or at a source in AWS`,
      "Leave out what belongs to the other.",
    );
  }
  if (parsed.origin("url") !== undefined && (ofUrl !== undefined || !planSources.some(typed))) {
    const ruleFiles = await readRuleFiles(parsed, environment, files);
    const file = await readReviewedFileOf(parsed, files, ruleFiles, false);
    const request = await readLive(parsed, environment, files, ruleFiles, file);
    const sample = parsed.number("sample");
    const showValues = parsed.flag("show-values");
    if (sample === undefined && showValues) {
      throw usageError("Cannot use --show-values: only --sample shows values", "Add --sample N, or leave it out.");
    }
    if (sample !== undefined && format !== "table") {
      throw usageError(
        `Cannot use --sample with ${parsed.label("format")} ${format}: values are for a terminal`,
        "Leave one of them out.",
      );
    }
    return {
      command: "plan",
      request,
      ...(sample !== undefined && { sample }),
      showValues,
      format,
      logLevel: readLogLevel(parsed),
    };
  }
  const all = await readSettings(parsed, readSources(parsed), environment, files);
  const { report: _, reportHtml: _html, metricsFile: _metrics, icinga: _icinga, notify: _url, s3Export: _s3, ...own } =
    all;
  return {
    command: "scrub",
    settings: { ...withoutRefresh(own), shareWith: [], copyTo: [], prove: false, planOnly: true },
    previous: await readPrevious(parsed, files),
    prices: await readPrices(parsed, files),
    planFormat: format,
  };
}

/** Without what happens to a snapshot's successor: there is no snapshot. */
function withoutRefresh<T extends Partial<Settings>>({ refresh: _, ...settings }: T): Omit<T, "refresh"> {
  return settings;
}

/** Whether `scrub`, which may stand before a run too, is about a database by URL. */
function meansUrl(parsed: ParsedOptions): boolean {
  return parsed.origin("url") === "command line" || parsed.origin("url") !== undefined && !namesSources(parsed);
}

async function readScrubUrl(parsed: ParsedOptions, environment: Environment, files: Files): Promise<Command> {
  refuseOptions("scrub", parsed);
  const ruleFiles = await readRuleFiles(parsed, environment, files);
  const reviewed = await readReviewedFileOf(parsed, files, ruleFiles, false);
  const request = await readLive(parsed, environment, files, ruleFiles, reviewed);
  const { engine } = request.target;
  const sources = [{ engine, kind: "url", value: liveName(request.target) }] as const;
  // What a configuration file or the environment says for runs in RDS is not meant.
  const { metricsFile: _metrics, icinga: _icinga, notify: _url, s3Export: _s3, ...own } = await readSettings(
    parsed,
    sources,
    environment,
    files,
  );
  const confirmed = parsed.text("yes-scrub");
  return {
    command: "scrub url",
    request,
    protection: protectionOf(request.target, readPatterns(parsed), parsed.list("unprotected")),
    ...(confirmed !== undefined && { confirmed }),
    run: {
      command: "scrub",
      settings: { ...withoutRefresh(own), shareWith: [], copyTo: [], prove: false, dryRun: false },
      key: await readPseudonymKey(parsed, files),
      signKey: await readSignKey(parsed, files),
      previous: await readPrevious(parsed, files),
    },
  };
}

async function readLive(
  parsed: ParsedOptions,
  environment: Environment,
  files: Files,
  ruleFiles: readonly ReadRuleFile[],
  file: ReviewedFile | undefined,
): Promise<LiveRequest> {
  const found = await readLiveDatabase(parsed, environment, files);
  if (!found) {
    throw usageError(
      "Cannot start: no database is named",
      "Name it with --url, or in the environment variable DATASCRUBBER_URL.",
    );
  }
  const scrubber = parsed.text("scrubber");
  if (parsed.flag("insecure") && parsed.origin("tls-ca") === "command line") {
    throw usageError(
      "Cannot use --tls-ca with --insecure: no certificate is checked then",
      "Leave --insecure out to check the server's certificate, or --tls-ca not to.",
    );
  }
  const { target, notes } = found;
  return {
    target,
    passwordNotes: notes,
    ca: target.tls === "verified" ? await readCertificates(parsed, files) : "",
    ...(scrubber !== undefined && { scrubber }),
    onDrift: parsed.choice("on-drift", onDrift) ?? "refuse",
    reviewed: file?.entries ?? {},
    ruleFiles,
  };
}

/** Refused on a run rather than ignored: the operator may have meant another command, which changes nothing. */
function refuseOthers(parsed: ParsedOptions): void {
  const other = options.find(({ name, group }) =>
    (group === "Review" || name === "format" || name === "run" || name === "public-key") &&
    parsed.origin(name) === "command line"
  );
  if (!other) return;
  if (other.name === "run" || other.name === "public-key") {
    const takers = other.name === "run" ? "sweep and finish take" : "verify-report takes";
    throw usageError(
      `Cannot use --${other.name} with a run: only ${takers} it`,
      `Write the command, such as datascrubber ${takers.split(" ")[0]}, or leave it out.`,
    );
  }
  throw usageError(
    `Cannot use --${other.name} with a run: only ${
      other.name === "format" ? "scrubbers, strategies, status, review and plan" : "review, plan and scrub with --url"
    } take it`,
    "Write the command, such as datascrubber plan, or leave it out.",
  );
}

function readLogLevel(parsed: ParsedOptions): Settings["logLevel"] {
  return parsed.choice("log-level", logLevels) ?? "INFO";
}

async function readVerifyReport(
  parsed: ParsedOptions,
  [path = "", snapshot = ""]: readonly string[],
  files: Files,
): Promise<Command> {
  const publicKey = await readPublicKey(parsed, files);
  if (path === "") requiredValue("verify-report", []);
  const report = { report: await readReport(path, files), logLevel: readLogLevel(parsed) };
  if (snapshot !== "") {
    if (!isSnapshotIdentifier(snapshot)) {
      throw usageError(
        `Cannot use ${quoted(snapshot)}: it can't be the name of a snapshot`,
        "Write the final snapshot's identifier, such as scrubbed-orders-2026-11-24-03-48.",
      );
    }
    return { command: "verify-report", ...report, against: { snapshot, region: readRegion(parsed), publicKey } };
  }
  if (publicKey === undefined) {
    throw usageError(
      "Cannot run verify-report: neither SNAPSHOT nor --public-key is given",
      "Write the snapshot that the report should belong to, or the key that it should be signed with.",
    );
  }
  const envelope = await readFileOf("the signature", envelopePath(path), files);
  return { command: "verify-report", ...report, against: { publicKey, envelope } };
}

function requiredValue(name: string, [value]: readonly string[]): string {
  if (value !== undefined && value !== "") return value;
  const wanted = commands.find(({ words }) => words === name)?.value;
  throw usageError(`Cannot run ${name}: its ${wanted} is missing`, `Write datascrubber ${name} ${wanted}.`);
}

async function checkConfig(path: string, environment: Environment, files: Files): Promise<string> {
  const parsed = await parseOptionsOfFile(path, files);
  const hasSources = namesSources(parsed);
  await readSettings(parsed, hasSources ? readSources(parsed) : [], environment, files);
  await readPseudonymKey(parsed, files);
  await readSignKey(parsed, files);
  await readPrevious(parsed, files);
  await readPrices(parsed, files);
  return `${quoted(path)} can be used${hasSources ? "" : "; it names no source, so the command line has to"}\n`;
}

async function readRulesCheck(
  parsed: ParsedOptions,
  paths: readonly string[],
  environment: Environment,
  files: Files,
): Promise<Command> {
  const ruleFiles = await readRulePaths(paths, "FILE", environment, files);
  if (parsed.origin("url") === undefined) {
    return { command: "text", text: ruleFiles.map((file) => `${ruleFileText(file)}\n`).join("") };
  }
  const request = await readLive(parsed, environment, files, ruleFiles, undefined);
  return { command: "rules check", request, ruleFiles, logLevel: readLogLevel(parsed) };
}

async function completions(value: string): Promise<string> {
  const shell = shells.find((shell) => shell === value);
  if (shell !== undefined) return (await import("./help/completions.ts")).completionsFor(shell);
  throw usageError(
    `Cannot make completions: ${quoted(value)} is not one of ${shells.join(", ")}`,
    `Choose one of ${shells.join(", ")}.`,
  );
}

async function readSettings(
  parsed: ParsedOptions,
  sources: Settings["sources"],
  environment: Environment,
  files: Files,
): Promise<Settings> {
  const ruleFiles = await readRuleFiles(parsed, environment, files);
  return {
    sources,
    region: readRegion(parsed),
    shareWith: readAccounts(parsed),
    copyTo: readCopyTargets(parsed),
    refresh: readRefresh(parsed, sources),
    snapshotRetention: parsed.number("snapshot-retention") ?? 5,
    unknownDatabases: parsed.choice("unknown-databases", unknownDatabases) ?? "refuse",
    ...readDatabases(parsed),
    onDrift: parsed.choice("on-drift", onDrift) ?? "refuse",
    // Those of a database by URL are in its request.
    reviewed: sources.some(({ kind }) => kind === "url") ? {} : await readReviews(parsed, files, ruleFiles),
    ruleFiles,
    workspace: readWorkspace(parsed),
    ...readWorkspacesOf(parsed, sources),
    logMode: parsed.choice("log-mode", logModes),
    logLevel: readLogLevel(parsed),
    logFormat: parsed.choice("log-format", logFormats) ?? "text",
    ...readWaits(parsed),
    snapshotTimeout: readSnapshotTimeout(parsed),
    heartbeat: parsed.duration("heartbeat") ?? 5 * minute,
    wait: parsed.flag("wait"),
    kmsKey: readAwsName(parsed, "kms-key"),
    signKmsKey: readSignKmsKey(parsed),
    freshSnapshot: readFresh(parsed, sources),
    clone: readClone(parsed, sources),
    maxAge: parsed.duration("max-age"),
    finalSnapshot: parsed.choice("final-snapshot", finalSnapshots) ?? "delete",
    prove: parsed.flag("prove"),
    rebuild: readRebuild(parsed, sources),
    tlsCa: await readCertificates(parsed, files),
    dnsServer: readDnsServer(parsed),
    dryRun: parsed.flag("dry-run"),
    isolate: readIsolate(parsed),
    allowActive: parsed.flag("allow-active"),
    ...await readOutputs(parsed, sources, files),
    keepAccounts: parsed.flag("keep-accounts"),
    pseudonymKeyFile: parsed.text("pseudonym-key-file"),
    concurrency: parsed.number("concurrency"),
    leakSearch: parsed.choice("leak-search", leakSearches),
    warm: readWarm(parsed),
  };
}

/** What the configuration file says of single sources. Where it names all of them itself, a misspelt one is refused. */
function readWorkspacesOf(
  parsed: ParsedOptions,
  sources: Settings["sources"],
): { readonly workspaces?: NonNullable<Settings["workspaces"]> } {
  const workspaces = readWorkspaces(parsed);
  const inFile = (["mysql-instances", "mysql-clusters", "postgresql-instances", "postgresql-clusters"] as const)
    .flatMap((option) => parsed.origin(option) === "configuration file" ? parsed.list(option) : [])
    .map((value) => value.toLowerCase());
  const namesAll = sources.length > 0 &&
    sources.every(({ kind, value }) => (kind === "instance" || kind === "cluster") && inFile.includes(value));
  for (const source of namesAll ? Object.keys(workspaces ?? {}) : []) {
    if (inFile.includes(source)) continue;
    const meant = closestName(source, inFile);
    throw usageError(
      `Cannot use ${workspacesKey} of ${quoted(source)}: the file names no such source`,
      meant ? `Did you mean ${meant}?` : "Name it among the sources, or take its settings out.",
    );
  }
  return workspaces === undefined ? {} : { workspaces };
}

function readWaits(parsed: ParsedOptions): Pick<Settings, "timeout" | "pollInterval"> {
  return {
    timeout: parsed.duration("timeout") ?? 90 * minute,
    pollInterval: parsed.duration("poll-interval") ?? 20 * second,
  };
}

/** A snapshot that is named is the one that is meant. */
function readFresh(parsed: ParsedOptions, sources: Settings["sources"]): boolean {
  const named = sources.find(({ kind }) => kind === "snapshot");
  if (!parsed.flag("fresh-snapshot") || named === undefined) return parsed.flag("fresh-snapshot");
  throw usageError(
    `Cannot use ${parsed.label("fresh-snapshot")} with --${named.engine}-snapshots ${
      quoted(named.value)
    }: it names a snapshot`,
    `Name the instance with --${named.engine}-instances, or leave --fresh-snapshot out.`,
  );
}

/** A clone shares its source's pages, and has its key. */
function readClone(parsed: ParsedOptions, sources: Settings["sources"]): boolean {
  if (!parsed.flag("clone")) return false;
  const label = parsed.label("clone");
  const other = sources.find(({ kind }) => kind === "instance" || kind === "snapshot");
  if (other) {
    throw usageError(
      `Cannot use ${label} with --${other.engine}-${other.kind}s ${
        quoted(other.value)
      }: only Aurora clusters are cloned`,
      `Name clusters with --${other.engine}-clusters, or leave --clone out.`,
    );
  }
  const conflicting = parsed.flag("fresh-snapshot")
    ? parsed.label("fresh-snapshot")
    : parsed.text("kms-key") !== undefined
    ? parsed.label("kms-key")
    : undefined;
  if (conflicting !== undefined) {
    throw usageError(
      `Cannot use ${label} with ${conflicting}: a clone is made of the cluster itself, and has its key`,
      "Leave one of them out.",
    );
  }
  return true;
}

function readSnapshotTimeout(parsed: ParsedOptions): number {
  return parsed.duration("snapshot-timeout") ?? 24 * hour;
}

function readRun(parsed: ParsedOptions): { readonly run?: string } {
  const text = parsed.text("run");
  if (text === undefined) return {};
  const run = asRunId(text);
  if (run !== undefined) return { run };
  throw usageError(
    `Cannot use ${parsed.label("run")}: ${quoted(text)} can't be the id of a run`,
    "Write it as the run's log or the tag datascrubber:run has it: 32 hexadecimal digits.",
  );
}

function readDnsServer(parsed: ParsedOptions): string | undefined {
  const server = parsed.text("dns-server");
  const port = /^(?:\d+\.\d+\.\d+\.\d+|\[[0-9a-f:.]+\]|[0-9a-f:.]*:[0-9a-f:.]*:[0-9a-f:.]*)(?::(\d+))?$/i.exec(
    server ?? "",
  );
  const bytes = /^(\d+)\.(\d+)\.(\d+)\.(\d+)/.exec(server ?? "")?.slice(1) ?? [];
  const valid = port !== null && Number(port[1] ?? 53) <= 65_535 && bytes.every((byte) => Number(byte) <= 255);
  if (server === undefined || valid) return server;
  throw usageError(
    `Cannot use ${parsed.label("dns-server")}: ${quoted(server)} is not ADDRESS or ADDRESS:PORT`,
    "Write an IP address, such as 192.0.2.53 or 192.0.2.53:5353; an IPv6 address with a port in brackets.",
  );
}
