/** The commented environment file of the service, from the table of options. @module */

import { environmentVariable, type Option, spelling } from "../../lib/cli/options/option.ts";
import { options } from "../../lib/cli/options/options.ts";

/** Every variable, commented out, with what it means. */
export function environmentFile(): string {
  const rows: readonly Option[] = options;
  const blocks = rows.flatMap((option) => {
    const variable = environmentVariable(option);
    if (variable === undefined) return [];
    const value = option.kind === "flag" ? "true" : spelling(option).split(" ").slice(1).join(" ");
    const defaultText = option.defaultText === "" ? "" : ` (default: ${option.defaultText})`;
    return [`# ${option.help}${defaultText}\n#${variable}=${value}`];
  });
  return [
    "# Environment of datascrubber.service. One variable an option: datascrubber(8) explains them. Lists are split at spaces\n" +
    "# and commas. AWS_ variables of the AWS client can be set here too; without any, the instance's role is used.",
    ...blocks,
  ].join("\n\n") + "\n";
}
