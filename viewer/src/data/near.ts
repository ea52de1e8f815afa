// Names that were probably meant: they differ by one letter that is wrong, too much, missing or swapped.

/** The first of `names` that is one slip away from `typed`; undefined when there is none. */
export function nearOf(typed: string, names: Iterable<string>): string | undefined {
  if (typed.length < 3) return undefined; // of two letters one is half the name
  for (const name of names) if (isSlip(typed, name)) return name;
  return undefined;
}

function isSlip(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1 || a === b) return false;
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  const rest = (text: string, from: number) => text.slice(from);
  if (a.length < b.length) return rest(a, at) === rest(b, at + 1);
  if (a.length > b.length) return rest(a, at + 1) === rest(b, at);
  if (rest(a, at + 1) === rest(b, at + 1)) return true;
  return a[at] === b[at + 1] && a[at + 1] === b[at] && rest(a, at + 2) === rest(b, at + 2);
}
