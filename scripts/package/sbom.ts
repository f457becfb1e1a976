/** What is inside an executable, as a CycloneDX document from the lock file. @module */

import { version } from "../../lib/cli/help/version.ts";
import { type BundledPackage, root } from "../compile/bundle.ts";
import { licenceName } from "./notices.ts";

interface Lock {
  readonly npm: Readonly<Record<string, { readonly integrity: string; readonly dependencies?: readonly string[] }>>;
}

/** The document (CycloneDX 1.5) of the packages that were bundled; throws where the lock file does not know one. */
export async function sbom(packages: readonly BundledPackage[], runtime: string): Promise<string> {
  const lock: Lock = JSON.parse(await Deno.readTextFile(`${root}/deno.lock`));
  const components = await Promise.all(packages.map((bundled) => component(bundled, lock)));
  const program = { type: "application", "bom-ref": "datascrubber", name: "datascrubber", version };
  const deno = { type: "framework", "bom-ref": "deno", name: "deno", version: runtime, licenses: licences("MIT") };
  return `${
    JSON.stringify(
      {
        bomFormat: "CycloneDX",
        specVersion: "1.5",
        version: 1,
        metadata: { component: { ...program, licenses: licences("MIT") } },
        components: [deno, ...components],
        dependencies: [
          { ref: "datascrubber", dependsOn: ["deno", ...packages.map(reference)] },
          ...packages.map((bundled) => ({ ref: reference(bundled), dependsOn: dependencies(bundled, packages, lock) })),
        ],
      },
      undefined,
      2,
    )
  }\n`;
}

async function component(bundled: BundledPackage, lock: Lock): Promise<unknown> {
  const { name, version, folder } = bundled;
  const manifest = JSON.parse(await Deno.readTextFile(`${folder}/package.json`));
  const { integrity } = lockEntry(bundled, lock);
  const [algorithm = "", digest = ""] = integrity.split(/-(.*)/s);
  const content = Uint8Array.fromBase64(digest).toHex();
  return {
    type: "library",
    "bom-ref": reference(bundled),
    ...{ name, version, purl: reference(bundled) },
    hashes: [{ alg: algorithm.toUpperCase().replace(/^SHA/, "SHA-"), content }],
    licenses: licences(licenceName(manifest.license)),
  };
}

/** Keys of the lock file are `name@version`, and behind an underscore what peers it was resolved with. */
function lockEntry({ name, version }: BundledPackage, lock: Lock): Lock["npm"][string] {
  const key = Object.keys(lock.npm).find((key) =>
    key === `${name}@${version}` || key.startsWith(`${name}@${version}_`)
  );
  const entry = key === undefined ? undefined : lock.npm[key];
  if (entry) return entry;
  throw new Error(`Cannot list ${name} ${version}: deno.lock does not hold it`);
}

/** The lock names a dependency by name, and adds the version only where there are several. */
function dependencies(bundled: BundledPackage, packages: readonly BundledPackage[], lock: Lock): readonly string[] {
  const wanted = lockEntry(bundled, lock).dependencies ?? [];
  return packages.filter(({ name, version }) => wanted.includes(name) || wanted.includes(`${name}@${version}`)).map(
    reference,
  );
}

/** A package URL: https://github.com/package-url/purl-spec. */
function reference({ name, version }: BundledPackage): string {
  return `pkg:npm/${name.replace(/^@/, "%40")}@${version}`;
}

function licences(id: string) {
  return [{ license: /^[A-Za-z0-9.+-]+$/.test(id) ? { id } : { name: id } }];
}
