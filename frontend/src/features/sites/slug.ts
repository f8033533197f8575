// The address a name suggests, and what a name can't be, said while it is typed. The control plane has the last word
// (backend/aipress/tenants/names.py has these rules in full).

const LONGEST_NAME = 80;
const LONGEST_SLUG = 48;
const PUNCTUATION = ' \'’&.,-–!?()+@#:"“”';

/** `Zoë’s Café` gives `zoes-cafe`; empty when no letter or digit is left. */
export function slugFrom(name: string): string {
  const plain = name.replaceAll('ß', 'ss').replace(/['’]/g, '').normalize('NFKD');
  const words = plain
    .replace(/[^\x20-\x7e]/g, '')
    .toLowerCase()
    .replaceAll('&', ' and ')
    .match(/[a-z0-9]+/g);
  return (words ?? []).join('-').slice(0, LONGEST_SLUG).replace(/-+$/, '');
}

/** Why this can't be a site's name, in one sentence; null while nothing speaks against it. */
export function complaintAbout(name: string): string | null {
  const tidy = name.trim().replace(/\s+/g, ' ');
  if (!tidy) return null;
  const length = [...tidy].length;
  if (length > LONGEST_NAME) return `The name has ${length} characters; ${LONGEST_NAME} are the most.`;
  const strange = [...tidy].find((one) => !PUNCTUATION.includes(one) && !/[\p{L}\p{M}\p{N}]/u.test(one));
  if (strange) return `A name can't have the character “${strange}”. Leave it out.`;
  return slugFrom(tidy) ? null : 'No address can be made of that name. It needs a letter from a to z or a digit.';
}
