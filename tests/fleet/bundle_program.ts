/** Bundles the program for the tests of a run into the folder that is named; prints the path of its main. @module */

import { bundle } from "../../scripts/compile/bundle.ts";

if (import.meta.main) {
  const [folder = "."] = Deno.args;
  // What it was built from stays unsaid, as by the sources.
  const { main, files } = await bundle("");
  for (const [path, text] of Object.entries({ ...files, "main.js": main })) {
    await Deno.mkdir(`${folder}/${path}`.replace(/\/[^/]+$/, ""), { recursive: true });
    await Deno.writeTextFile(`${folder}/${path}`, text);
  }
  // deno-lint-ignore no-console
  console.log(await Deno.realPath(`${folder}/main.js`));
}
