// How an operation ended, as a sentence.

import type { Operation } from '@/api/types';

const DONE = {
  provision: 'live',
  remove: 'deleted',
  rename: 'renamed',
  purge: 'cleared of kept pages',
  move: 'moved',
  add_domain: 'to have a domain',
  remove_domain: 'without that domain',
  adjust: 'changed',
};

export function endingInWords({ kind, state, tenant }: Operation): string {
  return state === 'failed' ? `${tenant.name}: that did not work` : `${tenant.name} is ${DONE[kind]}`;
}
