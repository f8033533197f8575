// What of the address bar's search a page understands: short texts by name, everything else is left out.

const LONGEST = 200;

/** The named texts of a search, without empty ones: what a page keeps in its address. */
export function textOf<Name extends string>(
  search: Record<string, unknown>,
  ...names: Name[]
): { [Key in Name]?: string } {
  const kept: { [Key in Name]?: string } = {};
  for (const name of names) {
    const value = search[name];
    const text = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
    if (typeof text === 'string' && text.trim()) kept[name] = text.slice(0, LONGEST);
  }
  return kept;
}
