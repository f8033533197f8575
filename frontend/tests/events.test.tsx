// One stream a tab: what changes elsewhere shows here, also after the line was cut, and what ended is told to who looks elsewhere.

import { useQuery } from '@tanstack/react-query';
import { screen, waitFor } from '@testing-library/react';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { isLive } from '@/api/live';
import { tenantQuery } from '@/api/queries';
import { useEvents } from '@/api/useEvents';
import { OperationCard } from '@/features/operations/OperationCard';
import { UnderWay } from '@/features/operations/UnderWay';
import { useTitle } from '@/lib/page';
import { toasts } from '@/lib/toast';
import { type Fake, openStage, show, signIn } from './stage';

let fake: Fake;
beforeAll(async () => {
  fake = await openStage({ pace: 0.3 });
  await signIn(fake);
});
afterAll(() => fake.close());
afterEach(() => {
  fake.world.isTelling = true;
  fake.world.failing.clear();
  toasts.set([]);
});

function Page({ slug, card }: { slug?: string; card?: string }) {
  useEvents();
  useTitle('Sites');
  return (
    <>
      <UnderWay />
      {slug && <Name slug={slug} />}
      {card && <OperationCard id={card} />}
    </>
  );
}

function Name({ slug }: { slug: string }) {
  const { data } = useQuery(tenantQuery(slug));
  return <p>{data ? `${data.name} is ${data.state}` : 'unknown'}</p>;
}

async function live(name: string) {
  const { tenant } = fake.world.createSite(name);
  await waitFor(() => expect(fake.world.stateOf(tenant)).toBe('live'));
  return tenant;
}

it('shows what somebody else changed, without being asked', async () => {
  const tenant = await live('Tea House');
  show(<Page slug="tea-house" />);
  await screen.findByText('Tea House is live');
  await waitFor(() => expect(isLive.get()).toBe(true));
  fake.world.renameSite(tenant, 'Leaf and Cup');
  expect(await screen.findByText('Leaf and Cup is live')).toBeTruthy();
});

it('shows what changed between the first reads and the first word of the stream', async () => {
  const tenant = await live('Early Bird');
  const { rerender } = show(<Name slug="early-bird" />);
  await screen.findByText('Early Bird is live');
  fake.world.renameSite(tenant, 'Late Riser');
  rerender(<Page slug="early-bird" />);
  expect(await screen.findByText('Late Riser is live')).toBeTruthy();
});

it('hears after a cut what happened meanwhile', async () => {
  const tenant = await live('Moon Books');
  show(<Page slug="moon-books" />);
  await screen.findByText('Moon Books is live');
  await waitFor(() => expect(isLive.get()).toBe(true));
  fake.world.isTelling = false;
  await waitFor(() => expect(isLive.get()).toBe(false));
  fake.world.renameSite(tenant, 'Sun Books');
  fake.world.isTelling = true;
  expect(await screen.findByText('Sun Books is live')).toBeTruthy();
});

it('marks the title while something is under way, and says how it ended', async () => {
  show(<Page />);
  await waitFor(() => expect(isLive.get()).toBe(true));
  expect(document.title).toBe('Sites · AIPress');
  fake.world.createSite('Far Away');
  await waitFor(() => expect(document.title).toMatch(/^● \d\/7 Far Away · AIPress$/));
  await waitFor(() => expect(toasts.get().map(({ title }) => title)).toEqual(['Far Away is live']));
  await waitFor(() => expect(document.title).toBe('Sites · AIPress'));
});

it('says nothing of what a card on this page says itself', async () => {
  const { id } = fake.world.createSite('Right Here');
  show(<Page card={id} />);
  await screen.findByRole('link', { name: 'Open site' });
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(toasts.get()).toEqual([]);
});

it('tells of a failure as one', async () => {
  show(<Page />);
  await waitFor(() => expect(isLive.get()).toBe(true));
  fake.world.failing.add('broken-oven');
  fake.world.createSite('Broken Oven');
  await waitFor(() => expect(toasts.get().map(({ tone }) => tone)).toEqual(['bad']));
  expect(toasts.get()[0]?.title).toBe('Broken Oven: that did not work');
});
