/** Extensions that RDS's master user may create, though elsewhere only a superuser may (`rds.extensions`). @module */
import { handOver, isThere } from "./folder.ts";

const allowed = ["pg_prewarm"];

/**
 * The setting that lets any user of a database create them, by control files of our own in the folder; none where the server is older than
 * 18, which reads such files from one place only, or comes without them.
 */
export async function allowExtensions(
  folder: string,
  program: string,
  version: string,
): Promise<Record<string, string>> {
  const scripts = program.replace(/\/bin\/[^/]+$/, "/share/postgresql/extension");
  if (parseInt(version) < 18 || !await isThere(`${scripts}/${allowed[0]}.control`)) return {};
  await Deno.mkdir(`${folder}/extension`);
  for (const name of allowed) {
    const control = await Deno.readTextFile(`${scripts}/${name}.control`);
    await Deno.writeTextFile(
      `${folder}/extension/${name}.control`,
      `${control}\ntrusted = true\ndirectory = '${scripts}'\n`,
    );
  }
  await handOver(`${folder}/extension`);
  return { extension_control_path: `${folder}:$system` };
}
