/** CHANGELOG.md: read for Debian, and given a section at a release. @module */

/** One version's section. */
export interface Section {
  readonly version: string;
  /** `2026-11-24`. */
  readonly date: string;
  /** What changed, one sentence each. */
  readonly changes: readonly string[];
}

const maintainer = "The datascrubber authors <datascrubber@example.com>";
const days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;

/** The sections of released versions, newest first. */
export function readChangelog(text: string): readonly Section[] {
  const sections = text.split(/^(?=## )/m).flatMap((part): readonly Section[] => {
    const [, version, date] = /^## (\S+) \((\d{4}-\d\d-\d\d)\)/.exec(part) ?? [];
    if (version === undefined || date === undefined) return [];
    const changes = part.split(/^- /m).slice(1).map((change) => change.replaceAll(/\s+/g, " ").trim());
    return [{ version, date, changes }];
  });
  if (sections.length > 0) return sections;
  throw new Error("Cannot read CHANGELOG.md: it has no section such as ## 2.0.0 (2026-11-24)");
}

/** The text with the section `Unreleased` made that of a version. Throws where nothing changed since the last. */
export function releaseChangelog(text: string, version: string, date: string): string {
  const released = text.split(/^## /m).some((part) => part.startsWith(`${version} (`));
  if (released) throw new Error(`Cannot release ${version}: CHANGELOG.md has a section of it already`);
  const [, body] = /^## Unreleased\n([^]*?)(?=^## |(?![^]))/m.exec(text) ?? [];
  if (body === undefined || !/^- \S/m.test(body)) {
    throw new Error(`Cannot release ${version}: CHANGELOG.md says nothing under ## Unreleased`);
  }
  return text.replace(/^## Unreleased\n/m, `## Unreleased\n\n## ${version} (${date})\n`);
}

/** Debian's changelog of the released versions. */
export function debianChangelog(text: string): string {
  return readChangelog(text).map(({ version, date, changes }) => {
    // Debian's tools give this time to every file that is newer, so that packages are the same: it must not be yet to come.
    const day = new Date(`${date}T00:00:00Z`);
    const time =
      `${days[day.getUTCDay()]}, ${String(day.getUTCDate()).padStart(2, "0")} ${months[day.getUTCMonth()]} ` +
      `${day.getUTCFullYear()} 00:00:00 +0000`;
    const items = changes.map((change) =>
      wrap(change).map((line, at) => `${at === 0 ? "  * " : "    "}${line}`).join("\n")
    );
    return `datascrubber (${version}) unstable; urgency=medium\n\n${items.join("\n")}\n\n -- ${maintainer}  ${time}\n`;
  }).join("\n");
}

function wrap(text: string): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < 74) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
