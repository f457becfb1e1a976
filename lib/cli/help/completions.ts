/** Completions for shells, from the tables of options and commands. @module */

import { commands, type shells } from "../options/commands.ts";
import type { Option } from "../options/option.ts";
import { options } from "../options/options.ts";
import { topics } from "./topics.ts";
import { programName } from "./version.ts";

/** The completion script of a shell, ending in a newline. */
export function completionsFor(shell: (typeof shells)[number]): string {
  switch (shell) {
    case "bash":
      return bash();
    case "zsh":
      return zsh();
    case "fish":
      return fish();
  }
}

const rows: readonly Option[] = options;

/** First words of commands, each with the words that may follow. */
function firstWords(): ReadonlyMap<
  string,
  { readonly help: string; readonly next: readonly string[]; readonly file: boolean }
> {
  const found = new Map<string, { help: string; next: readonly string[]; file: boolean }>();
  for (const { words, value, choices = [], help } of commands) {
    const [first, second] = words.split(" ");
    if (!first) continue;
    const known = found.get(first);
    found.set(first, {
      help: known?.help ?? help,
      next: [
        ...known?.next ?? [],
        ...(second ? [second] : []),
        ...choices,
        ...(first === "help" ? subjects(found.keys()) : []),
      ],
      file: known?.file === true || value.startsWith("FILE"),
    });
  }
  return found;
}

/** What help can be asked about by one word. */
function subjects(commands: Iterable<string>): readonly string[] {
  return [...new Set([...commands, ...topics.map(({ name }) => name)])];
}

/** The last words of commands before a file. */
function filesBehind(): readonly string[] {
  return commands.filter(({ value }) => value.startsWith("FILE")).map(({ words }) => words.split(" ").at(-1) ?? "");
}

function takesFile(option: Option): boolean {
  return (option.kind === "text" || option.kind === "list") && option.file === true;
}

function bash(): string {
  const words = firstWords();
  const cases = [
    ...rows.filter((option) => option.kind === "choice").map((option) =>
      `    --${option.name}) COMPREPLY=($(compgen -W "${option.choices.join(" ")}" -- "$word")); return ;;`
    ),
    `    ${
      rows.filter(takesFile).map(({ name }) => `--${name}`).join("|")
    }) COMPREPLY=($(compgen -f -- "$word")); return ;;`,
    ...[...words].filter(([, { next }]) => next.length > 0).map(([first, { next }]) =>
      `    ${first}) COMPREPLY=($(compgen -W "${next.join(" ")}" -- "$word")); return ;;`
    ),
    `    ${filesBehind().join("|")}) COMPREPLY=($(compgen -f -- "$word")); return ;;`,
  ];
  const all = rows.map(({ name }) => `--${name}`);
  return `# bash completion for ${programName}
_${programName}() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]}
  compopt -o filenames 2>/dev/null
  case $before in
${cases.join("\n")}
  esac
  if [[ $word == -* ]]; then
    COMPREPLY=($(compgen -W "${all.join(" ")}" -- "$word"))
  elif ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W "${[...words.keys()].join(" ")}" -- "$word"))
  fi
}
complete -F _${programName} ${programName}
`;
}

function zsh(): string {
  const specs = rows.map((option) => {
    const many = option.kind === "list" ? "*" : "";
    const head = `${many}--${option.name}[${zshText(option.help)}]`;
    switch (option.kind) {
      case "flag":
        return quote(head);
      case "choice":
        return quote(`${head}:${option.name}:(${option.choices.join(" ")})`);
      default:
        return quote(`${head}:${zshText(option.value)}:${takesFile(option) ? "_files" : " "}`);
    }
  });
  const words = firstWords();
  const first = [...words].map(([word, { help }]) => quote(`${word}:${zshText(help)}`));
  const next = [...words].filter(([, { next }]) => next.length > 0).map(([word, { next }]) =>
    `    ${word}) (( CURRENT == 2 )) && compadd -- ${next.join(" ")} ;;`
  );
  return `#compdef ${programName}
# zsh completion for ${programName}
_${programName}() {
  local context state state_descr line
  typeset -A opt_args
  _arguments -s \\
    ${specs.join(" \\\n    ")} \\
    '1: :->command' '*:: :->rest'
  case $state in
  command)
    local -a commands=(
      ${first.join("\n      ")}
    )
    _describe command commands
    ;;
  rest)
    case $line[1] in
${next.join("\n")}
    esac
    [[ $words[CURRENT-1] == (${filesBehind().join("|")}) ]] && _files
    ;;
  esac
}
_${programName} "$@"
`;
}

function fish(): string {
  const words = firstWords();
  const lines = [
    `# fish completion for ${programName}`,
    `complete -c ${programName} -f`,
    ...[...words].map(([word, { help }]) =>
      `complete -c ${programName} -n __fish_use_subcommand -a ${word} -d ${quote(help)}`
    ),
    ...[...words].flatMap(([word, { next, file }]) => [
      ...(next.length > 0
        ? [`complete -c ${programName} -n '__fish_seen_subcommand_from ${word}' -a '${next.join(" ")}'`]
        : []),
      ...(file ? [`complete -c ${programName} -n '__fish_seen_subcommand_from ${word}' -F`] : []),
    ]),
    ...rows.map((option) => {
      const head = `complete -c ${programName} -l ${option.name} -d ${quote(option.help)}`;
      if (option.kind === "flag") return option.short === undefined ? head : `${head} -s ${option.short}`;
      if (option.kind === "choice") return `${head} -x -a '${option.choices.join(" ")}'`;
      return takesFile(option) ? `${head} -r -F` : `${head} -x`;
    }),
  ];
  return `${lines.join("\n")}\n`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** With brackets and colons escaped, which are syntax to _arguments. */
function zshText(text: string): string {
  return text.replace(/[[\]:\\]/g, "\\$&");
}
