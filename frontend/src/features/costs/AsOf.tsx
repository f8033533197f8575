// How old the figures are, and when the next ones come.

import { ago } from '@/lib/format';

export function AsOf({ time }: { time: string | null }) {
  return (
    <p className="mt-6 text-sm text-soft">
      <span>Costs are counted every hour.</span>
      {time && <span> The newest figure is from {ago(time)}.</span>}
    </p>
  );
}
