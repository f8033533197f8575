// A site that moves or was moved: where it is, what arrived, and the way back.

import { screen } from '@testing-library/react';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Operation, Tenant } from '@/api/types';
import MovedCard from '@/features/operations/MovedCard';
import { SiteFacts } from '@/features/sites/SiteFacts';
import { type Fake, openStage, show, signIn } from './stage';

let fake: Fake;
beforeAll(async () => {
  fake = await openStage();
  await signIn(fake);
});
afterAll(() => fake.close());

const moved = {
  id: 'op_moved',
  kind: 'move',
  state: 'succeeded',
  tenant: { id: 'ten_1', slug: 'bakery', name: 'Bakery' },
  steps: [],
  result: {
    url: 'http://bakery.example.org',
    from_cloud: 'local',
    to_cloud: 'gcp',
    read_only_seconds: 1.8,
    files: 2,
    bytes: 1295,
    left_out: 0,
  },
  undo: null,
  undone_by: null,
} as unknown as Operation;

it('says where it is, and for how long nothing could be written', () => {
  show(<MovedCard operation={moved} />);
  expect(screen.getByRole('heading', { name: 'Bakery is on Google Cloud' })).toBeTruthy();
  expect(screen.getByText(/2 files and the database arrived as they left/).textContent).toContain('for 1.8 seconds.');
  expect(screen.getByRole('link').getAttribute('href')).toBe('http://bakery.example.org/');
  expect(screen.queryByText(/could not be carried/)).toBeNull();
});

it('speaks of no files where there were none, and of hours where there are many', () => {
  const undo = { label: 'Move it back', until: new Date(Date.now() + 86_390_000).toISOString() };
  show(<MovedCard operation={{ ...moved, undo, result: { ...moved.result, files: 0 } } as Operation} />);
  expect(screen.getByText(/^Its database arrived as it left/)).toBeTruthy();
  expect(screen.getByText('24 h left')).toBeTruthy();
});

it('says what could not be carried, and that it was undone', () => {
  const { unmount } = show(
    <MovedCard operation={{ ...moved, result: { ...moved.result, left_out: 3 } } as Operation} />,
  );
  expect(screen.getByText(/3 could not be carried/)).toBeTruthy();
  unmount();
  show(<MovedCard operation={{ ...moved, undone_by: 'op_back' }} />);
  expect(screen.getByText('It was moved back to this machine.')).toBeTruthy();
});

it('says on the site’s own page where it is going while it moves', () => {
  const site = {
    state: 'live',
    created_at: '2026-11-29T04:00:00Z',
    owner: { email: 'ada@example.com' },
    cloud: 'gcp',
    moving_to: 'local',
  };
  show(<SiteFacts site={site as Tenant} size="Basic" />);
  expect(screen.getByText('Google Cloud, on its way to this machine')).toBeTruthy();
});
