// The log as a file: what a spreadsheet makes of it.

import { describe, expect, it } from 'vitest';
import { toCsv } from '@/features/admin/csv';

const lines = (text: string) => text.replace('\uFEFF', '').trimEnd().split('\r\n');

describe('rows as CSV', () => {
  it('quotes what would break a line or a column', () => {
    expect(lines(toCsv(['a', 'b'], [['one, two', 'say "yes"']]))).toEqual(['a,b', '"one, two","say ""yes"""']);
    expect(toCsv(['a'], [['one\ntwo']])).toContain('"one\ntwo"');
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '  =1', '\n@x'])('makes text of %j', (hostile) => {
    const [, ...rest] = toCsv(['a'], [[hostile]]).split('\r\n');
    expect(rest.join('\r\n').replace(/^"/, '')).toMatch(/^'/);
  });

  it('leaves alone what only holds such a sign', () => {
    expect(lines(toCsv(['a'], [['ada+shop@example.com'], ['2026-11-25']]))).toEqual([
      'a',
      'ada+shop@example.com',
      '2026-11-25',
    ]);
  });

  it('says that it is UTF-8', () => {
    expect(toCsv(['ä'], [])).toBe('\uFEFFä\r\n');
  });
});
