import { temporaryFolder } from "../local_rds/folder.ts";
import { type BenchCase, casesOf, type Scale } from "./cases.ts";
import { type Contender, contenders } from "./contenders.ts";
import { fillGolden } from "./golden.ts";
import { type Line, linesOf, tableOf } from "./lines.ts";
import { countMarks } from "./marks.ts";
import { measure, type Measurement } from "./measure.ts";
import type { EngineName } from "../../lib/core/engine_name.ts";

/** So much that what a run costs whatever the size does not drown what a row costs, and that three rounds take minutes. */
const full: Readonly<Record<EngineName, Scale>> = {
  postgresql: { mails: 300_000, texts: 100_000, tables: 100, people: 300_000 },
  mysql: { mails: 120_000, texts: 80_000, tables: 100, people: 100_000 },
};
const quick: Scale = { mails: 1_000, texts: 1_000, tables: 5, people: 1_000 };
const engineNames = ["postgresql", "mysql"] as const;

async function main(args: readonly string[]): Promise<void> {
  const small = args.includes("--quick");
  const [json, only] = [valueOf(args, "--json"), valueOf(args, "--engine")];
  const [wantedCase, wantedContender] = [valueOf(args, "--case") ?? "", valueOf(args, "--contender") ?? ""];
  const wanted = contenders.filter(({ name }, at) => at === 0 || name.includes(wantedContender));
  const by = Number(valueOf(args, "--scale") ?? 1);
  const lines: Line[] = [];
  for (const engine of engineNames.filter((name) => only === undefined || only === name)) {
    const scale = scaled(small ? quick : full[engine], by);
    for (const one of (await casesOf(engine, scale)).filter(({ name }) => name.includes(wantedCase))) {
      const able = wanted.filter(({ can }) => can?.(one) ?? true);
      lines.push(...await benchCase(one, able, Number(valueOf(args, "--rounds") ?? (small ? 1 : 3))));
    }
  }
  await print(Deno.stdout, `${machine()}\n\n${tableOf(lines)}`);
  if (json !== undefined) await Deno.writeTextFile(json, `${JSON.stringify(lines, undefined, 2)}\n`);
}

function valueOf(args: readonly string[], option: string): string | undefined {
  const at = args.indexOf(option);
  return at < 0 ? undefined : args[at + 1];
}

function scaled({ mails, texts, tables, people }: Scale, by: number): Scale {
  const times = (count: number) => Math.ceil(count * by);
  return { mails: times(mails), texts: times(texts), tables: times(tables), people: times(people) };
}

async function benchCase(one: BenchCase, wanted: readonly Contender[], rounds: number): Promise<readonly Line[]> {
  await using folder = await temporaryFolder();
  const golden = `${folder.path}/golden`;
  await print(Deno.stderr, `${one.engine}: ${one.name}: ${one.rows} rows\n`);
  await fillGolden(one, golden);
  const before = await countMarks(one, golden);
  const measured = new Map<string, Measurement[]>(wanted.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const contender of wanted) {
      const measurement = await measure(one, contender, golden);
      measured.get(contender.name)?.push(measurement);
      const phases = Object.entries(measurement.phases ?? {}).map(([phase, seconds]) => `, ${phase} ${seconds}`);
      const { seconds, server, roundTrips } = measurement;
      const trips = roundTrips === undefined ? "" : `, ${roundTrips} round trips`;
      const load = Deno.loadavg()[0]?.toFixed(1);
      await print(
        Deno.stderr,
        `  ${contender.name}: ${seconds.toFixed(2)} s, ${server.toFixed(2)} s of the server's processor, load ${load}${
          phases.join("")
        }${trips}\n`,
      );
    }
  }
  return linesOf(one, before, measured);
}

/** When and on what: numbers mean little without. */
function machine(): string {
  const { total } = Deno.systemMemoryInfo();
  const engines: Readonly<Record<EngineName, string>> = { postgresql: "VACUUM FULL", mysql: "ALTER TABLE … FORCE" };
  return `${new Date().toISOString().slice(0, 10)}, ${navigator.hardwareConcurrency} processors, ${
    Math.round(total / 2 ** 30)
  } GiB, ${Deno.build.os} ${Deno.osRelease()}; floor: ${engines.postgresql}, ${engines.mysql}, nothing changed`;
}

async function print(to: typeof Deno.stdout | typeof Deno.stderr, text: string): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) at += await to.write(bytes.subarray(at));
}

if (import.meta.main) await main(Deno.args);
