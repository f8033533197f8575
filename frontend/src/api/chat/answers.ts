// Parts of an answer that hold what they show: as it was at that moment, unlike cards, which read the resource itself.

/** For which window figures are, as of when (RFC 3339), and where they are from. */
export type Sourced = { title: string; window: string; as_of: string; source: string };
export type WayOn = { label: string; path: string };
export type Cell = string | WayOn;

export type AnswerParts = {
  table: Sourced & { columns: { header: string; align: 'left' | 'right' }[]; rows: Cell[][] };
  chart: Sourced & {
    unit: string;
    summary: string;
    series: { name: string; points: [unixSeconds: number, value: number][] }[];
  };
  link: WayOn;
};
