/** What `--help` is asked about, wherever it stands and whatever else is wrong. @module */

import { commandOf } from "../options/commands.ts";
import { findOption } from "../options/options.ts";
import { topicNamed } from "./topics.ts";

/** The words of the command, or the topic, that the arguments name; undefined for none, which means the general help. */
export function topicOf(args: readonly string[]): string | undefined {
  const named = args.flatMap((argument, at) =>
    takesValue(args[at - 1] ?? "") ? [] : commandOf(args.slice(at, at + 2))?.words ?? topicNamed(argument)?.name ?? []
  );
  return named.find((words) => words !== "help") ?? named[0];
}

/** Whether the next argument is this one's value, and no command. */
function takesValue(argument: string): boolean {
  const option = argument.startsWith("--") ? findOption(argument.slice(2)) : undefined;
  return option !== undefined && option.kind !== "flag";
}
