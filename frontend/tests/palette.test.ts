// What the palette finds for some words.

import { describe, expect, it } from 'vitest';
import { matching } from '@/features/palette/entries';

const ENTRIES = ['My Sites', 'Sites', 'Sunrise Bakery', 'Site of Ada'].map((label) => ({ label }));
const found = (text: string) => matching(ENTRIES, text).map(({ label }) => label);

describe('what is found', () => {
  it('has every word, in any order and case, and what begins with the first comes first', () => {
    expect(found('bakery sun')).toEqual(['Sunrise Bakery']);
    expect(found('SITE')).toEqual(['Sites', 'Site of Ada', 'My Sites']);
    expect(found('site bakery')).toEqual([]);
  });

  it('is everything while nothing is typed', () => {
    expect(found('')).toHaveLength(4);
  });
});
