// Metrics in words, and the time one looks at as it stands in the address.

import { expect, it } from 'vitest';
import { amountOf, lengthOf } from '@/features/metrics/drawings';
import { rangeOf, windowOf } from '@/features/metrics/ranges';

it('looks at the time a link says, and at a day where it says none', () => {
  const link = { since: '2026-11-28T09:00:00Z', until: '2026-11-28T10:00:00Z' };
  expect([windowOf(link), rangeOf(link)]).toEqual([link, null]);
  expect(windowOf({ since: link.until, until: link.since })).toEqual({ minutes: 1440 });
  expect([windowOf({ range: '1h' }), rangeOf({ range: 'x' })]).toEqual([{ minutes: 60 }, '24h']);
});

it('says amounts in units people know', () => {
  const said = [amountOf(0.874, 'ratio'), amountOf(12_400_000, 'bytes'), amountOf(1204, 'count'), amountOf(0.25, 's')];
  expect(said).toEqual(['87.4 %', '12.4 MB', '1,204', '0.25 s']);
  expect([lengthOf(60), lengthOf(7200), lengthOf(172_800)]).toEqual(['1 min', '2 h', '2 days']);
});
