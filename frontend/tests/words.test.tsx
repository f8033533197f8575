// Which addresses in an answer are links: those of one's own sites that the page has read. And lines of others are only ever text.

import { useQueryClient } from '@tanstack/react-query';
import { render, screen, waitFor } from '@testing-library/react';
import { expect, it } from 'vitest';
import { LinesCard } from '@/features/chat/LinesCard';
import Words from '@/features/chat/Words';
import { show } from './stage';

const site = (slug: string, access: string) => ({ slug, access, url: `http://${slug}.localhost:8080` });
const TEXT =
  'http://shop.localhost:8080 http://blog.localhost:8080 http://shared.localhost:8080 http://seen.localhost:8080';
const Said = () => <Words text={TEXT} isGrowing={false} queryClient={useQueryClient()} />;
const links = () => screen.queryAllByRole('link').map((link) => link.getAttribute('href'));

it('an own site is linked once it was read, also by a card; a shared one, and one an admin only sees, is not', async () => {
  const { queryClient } = show(<Said />);
  expect(links()).toEqual([]);
  const items = [site('shop', 'owner'), site('shared', 'member'), site('seen', 'admin')];
  queryClient.setQueryData(['tenants'], { pages: [{ items }], pageParams: [''] });
  await waitFor(() => expect(links()).toEqual(['http://shop.localhost:8080/']));
  queryClient.setQueryData(['tenant', 'blog'], site('blog', 'owner'));
  await waitFor(() => expect(links()).toEqual(['http://shop.localhost:8080/', 'http://blog.localhost:8080/']));
});

it('a list of sites that came at once is known too', async () => {
  const { queryClient } = show(<Said />);
  queryClient.setQueryData(['tenants', 'sh'], { items: [site('shop', 'owner')], next_cursor: null });
  await waitFor(() => expect(links()).toEqual(['http://shop.localhost:8080/']));
});

it('lines of others are text, whatever they are made of', () => {
  const lines = ['<img src=x>', '[press](https://evil.example)', '![x](https://evil.example)'];
  const { container } = render(<LinesCard where="log" lines={lines.map((text) => ({ text, at: null, count: 2 }))} />);
  expect(container.querySelector('a, img')).toBeNull();
  for (const text of lines) expect(screen.getByText(text)).toBeTruthy();
});
