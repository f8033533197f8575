// What the palette offers for the words typed so far.

import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { meQuery } from '@/api/me';
import { actionsQuery, tenantsQuery } from '@/api/queries';
import type { Action, Tenant } from '@/api/types';

export type Entry = { key: string; label: string; kind: 'Page' | 'Site' | 'Action' | 'Ask'; run: () => void };
type Ask = (text: string, send: boolean) => void;

const MOST_OF_A_KIND = 6;

export function useEntries(text: string, onAsk: Ask): Entry[] {
  const pages = usePages();
  const sites = useSites();
  const { data } = useQuery(actionsQuery);
  const actions = (data ?? []).filter(({ built }) => built).map((action) => actionEntry(action, onAsk));
  const found = [pages, sites, actions].flatMap((entries) => matching(entries, text).slice(0, MOST_OF_A_KIND));
  return text ? [...found, ask(text, onAsk)] : found;
}

function usePages(): Entry[] {
  const navigate = useNavigate();
  const { data: me } = useQuery(meQuery);
  const page = (label: string, to: '/' | '/sites' | '/create' | '/activity' | '/admin'): Entry => ({
    key: to,
    label,
    kind: 'Page',
    run: () => void navigate({ to }),
  });
  return [
    page('Chat', '/'),
    page('Sites', '/sites'),
    page('New site by form', '/create'),
    page('Activity', '/activity'),
    ...(me?.principal.role === 'admin' ? [page('Admin', '/admin')] : []),
  ];
}

function useSites(): Entry[] {
  const navigate = useNavigate();
  const { data } = useInfiniteQuery(tenantsQuery);
  return (data ?? []).map(({ id, name, slug }: Tenant) => ({
    key: id,
    label: name,
    kind: 'Site',
    run: () => void navigate({ to: '/sites/$site', params: { site: slug } }),
  }));
}

const BLANK = /\{\w+\}/g;

/** What needs nothing more goes off at once; a sentence with blanks waits in the composer to be completed. */
function actionEntry({ id, label, sentence }: Action, onAsk: Ask): Entry {
  const isWhole = !sentence.match(BLANK);
  const run = () => onAsk(sentence.replace(BLANK, '…'), isWhole);
  return { key: id, label, kind: 'Action', run };
}

function ask(text: string, onAsk: Ask): Entry {
  return { key: 'ask', label: `Ask: ${text}`, kind: 'Ask', run: () => onAsk(text, true) };
}

/** Entries that have every word of the text somewhere, those that begin with it first. */
export function matching<One extends { label: string }>(entries: One[], text: string): One[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const first = words[0] ?? '';
  return entries
    .filter(({ label }) => words.every((word) => label.toLowerCase().includes(word)))
    .sort((a, b) => Number(b.label.toLowerCase().startsWith(first)) - Number(a.label.toLowerCase().startsWith(first)));
}
