// A price as people say it; nothing is free rather than $0.00.

import { type Money, monthly } from '@/lib/format';

export function priceOf({ monthly: price }: { monthly: Money }): string {
  return isFree(price) ? 'Free' : monthly(price);
}

export function isFree({ amount }: Money): boolean {
  return Number(amount) === 0;
}
