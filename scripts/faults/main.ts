import { smallStage } from "../../tests/end_to_end/stage.ts";
import { callCases } from "./calls.ts";
import type { Case } from "./cases.ts";
import { killCases } from "./kills.ts";
import { soak } from "./soak.ts";
import { engineOf, openStage, otherRegion, type Product, products } from "./stage.ts";
import { type Part, statementCases } from "./statements.ts";

const matrices = ["calls", "statements", "kills", "soak"] as const;

async function main(args: readonly string[]): Promise<number> {
  const wanted = matrices.filter((name) => args.includes(name));
  const wantedProducts = products.filter((name) => !args.includes("--engine") || args.includes(name));
  const cases: Case[] = [];
  for (const matrix of wanted.length > 0 ? wanted : matrices) {
    for await (const found of casesOf(matrix, wantedProducts, partOf(args))) {
      cases.push(found);
      const { at, what, end, bad } = found;
      await print(`${matrix} ${at}: ${what}: ${bad === undefined ? end ?? "fine" : `BAD: ${bad}`}\n`);
    }
  }
  await print(summary(cases));
  return cases.some(({ bad }) => bad !== undefined) ? 1 : 0;
}

/** `--part K/N`; else all. */
function partOf(args: readonly string[]): Part {
  const at = args.indexOf("--part");
  if (at < 0) return { first: 1, every: 1 };
  const [first = NaN, every = NaN] = (args[at + 1] ?? "").split("/").map(Number);
  if (!(first >= 1 && every >= first)) throw new TypeError("Cannot divide the matrix: --part needs K/N, such as 2/4");
  return { first, every };
}

async function* casesOf(
  matrix: typeof matrices[number],
  wantedProducts: readonly Product[],
  part: Part,
): AsyncGenerator<Case> {
  switch (matrix) {
    case "calls": {
      // What AWS does has nothing to do with the engine; only MariaDB is another word of RDS's.
      for (const product of wantedProducts.filter((name) => name !== "mysql")) {
        await using rds = await openStage(product);
        yield* callCases(rds, engineOf(product));
      }
      return;
    }
    case "statements":
      for (const product of wantedProducts) {
        await using rds = await openStage(product);
        yield* statementCases(rds, engineOf(product), part);
      }
      return;
    case "kills": {
      for (const product of wantedProducts.filter((name) => name !== "mysql")) {
        await using rds = product === "mariadb"
          ? await openStage(product)
          : await smallStage({ moreRegions: [otherRegion] });
        yield* killCases(rds);
      }
      return;
    }
    case "soak":
      yield* soak();
  }
}

/** The numbers: for each matrix and fault, how many cases came to which end. */
export function summary(cases: readonly Case[]): string {
  const rows = new Map<string, Map<string, number>>();
  for (const { matrix, what, end, bad } of cases) {
    const row = rows.get(`${matrix}: ${what}`) ?? new Map<string, number>();
    const column = bad === undefined ? end ?? "fine" : "BAD";
    row.set(column, (row.get(column) ?? 0) + 1);
    rows.set(`${matrix}: ${what}`, row);
  }
  const lines = [...rows].map(([name, row]) => {
    const total = [...row.values()].reduce((sum, count) => sum + count, 0);
    return `${name}: ${total} cases: ${[...row].map(([end, count]) => `${count} ${end}`).join(", ")}`;
  });
  const bad = cases.filter((one) => one.bad !== undefined).length;
  return `${lines.join("\n")}\n${cases.length} cases, ${bad} bad\n`;
}

async function print(text: string): Promise<void> {
  const writer = Deno.stdout.writable.getWriter();
  await writer.write(new TextEncoder().encode(text));
  writer.releaseLock();
}

if (import.meta.main) Deno.exitCode = await main(Deno.args);
