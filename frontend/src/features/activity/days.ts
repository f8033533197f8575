// What was done, day by day in the reader's own time.

export type Day<T> = { key: string; label: string; items: T[] };

const DAY_MS = 86_400_000;

/** Groups what is in order of time; today and yesterday are called so. */
export function byDay<T extends { at: string }>(items: T[], now = Date.now()): Day<T>[] {
  const days: Day<T>[] = [];
  for (const item of items) {
    const key = dayOf(Date.parse(item.at));
    const last = days.at(-1);
    if (last?.key === key) last.items.push(item);
    else days.push({ key, label: labelOf(key, item.at, now), items: [item] });
  }
  return days;
}

function dayOf(ms: number): string {
  const date = new Date(ms);
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
}

function labelOf(key: string, at: string, now: number): string {
  if (key === dayOf(now)) return 'Today';
  if (key === dayOf(now - DAY_MS)) return 'Yesterday';
  const date = new Date(at);
  const isThisYear = date.getFullYear() === new Date(now).getFullYear();
  const format: Intl.DateTimeFormatOptions = { weekday: 'long', day: 'numeric', month: 'long' };
  return new Intl.DateTimeFormat('en', isThisYear ? format : { ...format, year: 'numeric' }).format(date);
}

export function timeOfDay(at: string): string {
  return new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' }).format(new Date(at));
}
