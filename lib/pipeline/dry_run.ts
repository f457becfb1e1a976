/** What a run would do, for `--dry-run`: reads from RDS, changes nothing. @module */

import type { CopyTarget, Settings } from "../core/settings.ts";
import { GIB } from "../core/storage.ts";
import type { Rds } from "../rds/api/client.ts";
import { describePrune, snapshotName } from "../rds/snapshot/share_and_prune.ts";
import { restoredTo, type Source, workspaceName } from "../rds/source/source.ts";
import type { Scrubber } from "../scrub/rules/definition.ts";

/** Describes a run in sentences, in the order of the phases. */
export async function describeDryRun(
  rds: Rds,
  source: Source,
  settings: Settings,
  scrubbers: readonly Scrubber[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { snapshot, restore } = source;
  const names = scrubbers.filter(({ engine }) => engine === source.engine).map(({ name }) => name);
  const pruned = await describePrune(rds, source, settings.snapshotRetention, signal);
  return [
    (settings.freshSnapshot
      ? `take a snapshot of instance "${source.name}", restore it, engine ${snapshot.engineVersion}, `
      : settings.clone
      ? `clone cluster "${source.name}" as it is then, engine ${snapshot.engineVersion}, `
      : `restore snapshot "${snapshot.id}" (data of ${snapshot.takenAt.toISOString()}, engine ${snapshot.engineVersion}) `) +
    `to "${restoredTo(source)}" as ${restore.instanceClass}${storageText(source)} with parameter group ` +
    `"${restore.parameterGroup}"`,
    `scrub every database that one of these scrubbers knows: ${names.join(", ")}; ` +
    (settings.unknownDatabases === "drop" ? "drop all others" : "stop at any other that no flag names"),
    ...source.rebuild === undefined ? [] : [
      `create a second instance, "${workspaceName(source)}", empty and of the same version${
        source.rebuild.allocatedStorage === undefined
          ? " with storage for what is left"
          : ` with ${source.rebuild.allocatedStorage} GiB`
      }, fill it from the first by the server's own programs, verify it, and delete the first`,
    ],
    `make the snapshot "${
      snapshotName(source, rds.now())
    }" (the time will be that of the snapshot) and delete the workspace`,
    settings.shareWith.length > 0 ? `share it with ${settings.shareWith.join(", ")}` : "share it with no account",
    ...await Promise.all((settings.copyTo ?? []).map((target) => describeCopy(rds, source, target, settings, signal))),
    ...settings.refresh === undefined ? [] : [
      `restore it beside instance "${settings.refresh}" with the same settings, give it that name, and keep the old instance as ` +
      `"${settings.refresh}-before-…"`,
    ],
    pruned.length > 0 ? `prune ${pruned.map((id) => `"${id}"`).join(", ")}` : "prune nothing",
  ];
}

async function describeCopy(
  rds: Rds,
  { name, rdsEngine }: Source,
  { region, kmsKey }: CopyTarget,
  { shareWith, snapshotRetention }: Settings,
  signal: AbortSignal,
): Promise<string> {
  using there = rds.inRegion(region);
  const copies = { name, rdsEngine, copiedFrom: await rds.region(signal) };
  const pruned = await describePrune(there, copies, snapshotRetention, signal);
  return `copy it to ${region}` + (kmsKey === undefined ? "" : `, encrypted with the key "${kmsKey}"`) +
    (shareWith.length > 0 ? `, share the copy with the same accounts` : "") +
    (pruned.length > 0 ? `, prune ${pruned.map((id) => `"${id}"`).join(", ")} there` : "");
}

/** Such as `, 600 GiB of gp3,`; empty where RDS does not say it. */
function storageText({ restore: { allocatedStorage, storageType }, snapshot: { storageBytes } }: Source): string {
  const storage = allocatedStorage ?? (storageBytes === undefined ? undefined : storageBytes / GIB);
  return storage === undefined || storageType === undefined ? "" : `, ${storage} GiB of ${storageType},`;
}
