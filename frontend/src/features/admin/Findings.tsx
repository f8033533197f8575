// What the last round of the reconciler found that somebody has to look at; nothing where it found nothing.

type FindingsProps = { what: string; found: string[] };

export function Findings({ what, found }: FindingsProps) {
  if (found.length === 0) return null;
  return (
    <section aria-label={what} className="rounded-card border border-bad/25 bg-bad-wash p-5 text-sm">
      <h2 className="font-medium">{what}</h2>
      <ul className="mt-2 grid gap-1">
        {found.map((one) => (
          <li key={one} className="font-mono text-xs wrap-anywhere">
            {one}
          </li>
        ))}
      </ul>
      <p className="mt-3 text-soft">
        Run <code>./aipress doctor</code> on the machine: it says what can be done about each.
      </p>
    </section>
  );
}
