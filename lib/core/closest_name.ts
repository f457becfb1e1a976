/** What may have been meant by a mistyped name. @module */

/** The name that a mistyped word is closest to; undefined where none is close. */
export function closestName(word: string, names: readonly string[]): string | undefined {
  let best: { readonly name: string; readonly distance: number } | undefined;
  for (const name of names) {
    const distance = editDistance(word.toLowerCase(), name.toLowerCase());
    if (distance < (best?.distance ?? Infinity)) best = { name, distance };
  }
  const start = word.toLowerCase();
  const startsLike = names.filter((name) => word.length >= 3 && name.toLowerCase().startsWith(start));
  if (startsLike.length === 1) return startsLike[0];
  const near = Math.min(word.length - 1, Math.max(2, Math.floor(word.length / 4)));
  return best && best.distance <= near ? best.name : undefined;
}

/** Levenshtein's distance. */
function editDistance(one: string, other: string): number {
  let above = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (const [row, letter] of Array.from(one).entries()) {
    const line = [row + 1];
    for (let column = 0; column < other.length; column++) {
      const replaced = (above[column] ?? 0) + (letter === other[column] ? 0 : 1);
      line.push(Math.min(replaced, (above[column + 1] ?? 0) + 1, (line[column] ?? 0) + 1));
    }
    above = line;
  }
  return above[other.length] ?? 0;
}
