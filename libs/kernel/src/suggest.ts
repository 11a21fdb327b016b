import { distance } from 'fastest-levenshtein';

/** The known word that was probably meant, or undefined when none is near: `mesage` -> `message`. */
export function suggest(word: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    const d = distance(word.toLowerCase(), candidate.toLowerCase());
    if (d < bestDistance) {
      best = candidate;
      bestDistance = d;
    }
  }
  return best;
}

/** `unknown field "mesage", did you mean "message"?`: the one sentence for a name that nobody knows. */
export function unknownName(what: string, word: string, known: Iterable<string>): string {
  const near = suggest(word, known);
  return `unknown ${what} "${word}"${near === undefined ? '' : `, did you mean "${near}"?`}`;
}
