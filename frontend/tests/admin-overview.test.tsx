// How the platform is: what needs somebody is seen first, and nothing that is not there is drawn.

import { screen, within } from '@testing-library/react';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { summaryOf } from '@/features/admin/FailuresChart';
import { OverviewPage } from '@/features/admin/OverviewPage';
import { type Fake, openStage, show, signIn } from './stage';

let fake: Fake;
let runtime: Fake['world']['office']['runtime'];
beforeAll(async () => {
  fake = await openStage();
  await signIn(fake);
  runtime = fake.world.office.runtime;
});
afterAll(() => fake.close());
beforeEach(() => {
  fake.world.role = 'admin';
  Object.assign(fake.world.office, { runtime, stranded: [] });
  fake.world.office.checks.caches = 'ok';
});

function notApart(sandbox: string): Fake['world']['office']['runtime'] {
  const [local] = runtime.clouds;
  if (!local) throw new Error('the fake platform has no cloud');
  return { ...runtime, isolated: false, sandbox, clouds: [{ ...local, isolated: false, sandbox }] };
}

const page = () => show(<OverviewPage linkSite={({ name }) => name} alerts={null} />);

describe('the overview', () => {
  it('is calm while everything is well', async () => {
    page();
    await screen.findByText('Everything this platform stands on answers.');
    await screen.findByText('Sites are kept apart from each other');
    screen.getByText('Nothing failed in the last 24 hours.');
    screen.getByText('Nothing is stuck: all work under way goes on.');
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('says loudly that sites are not isolated', async () => {
    fake.world.office.runtime = notApart('none');
    page();
    const alert = within(await screen.findByRole('alert'));
    alert.getByText('Sites are not isolated');
    alert.getByText(/run as one user of this machine/);
    alert.getByText('./aipress up');
  });

  it('says what does not keep them apart on a simulator, and asks nobody to run anything as root', async () => {
    fake.world.office.runtime = notApart('containers that share a network');
    page();
    const alert = within(await screen.findByRole('alert'));
    alert.getByText(/They run as containers that share a network/);
    expect(alert.queryByText('./aipress up')).toBeNull();
  });

  it('tells of each cloud by itself, and of one that does not answer', async () => {
    const [{ clouds }, { checks }] = [runtime, fake.world.office];
    const there = { ...clouds[0], name: 'gcp', isolated: false, sandbox: 'containers that share a network' };
    const both = { ...runtime, isolated: false, clouds: [...clouds, there] };
    Object.assign(fake.world.office, { runtime: both, checks: { ...checks, 'gcp vault': 'It is starting.' } });
    page();
    const alert = within(await screen.findByRole('alert'));
    alert.getByText('Sites on Google Cloud are not isolated');
    screen.getByText('Sites on this machine are kept apart from each other');
    await screen.findByText('Vault on Google Cloud');
    Object.assign(fake.world.office, { checks });
  });

  it('says that a cloud does not answer', async () => {
    Object.assign(fake.world.office, { runtime: { ...runtime, silent: ['gcp'] } });
    page();
    await screen.findByText('How sites on Google Cloud run is not known: it does not answer.');
    screen.getByText('Sites on this machine are kept apart from each other');
  });

  it('shows the report of a platform that is not ready, which comes with a 503', async () => {
    fake.world.office.checks.caches = 'Redis does not answer';
    page();
    await screen.findByText('Redis does not answer');
    screen.getByText(/1 of 7 parts needs somebody/);
  });

  it('names what does not go on by itself', async () => {
    Object.assign(fake.world.office, { stranded: ['provision-ten_1'] });
    page();
    await screen.findByText('provision-ten_1');
  });
});

describe('failures in words', () => {
  const hours = (...counts: number[]) => counts.map((count, place) => ({ hour: `2026-11-25T0${place}:00:00Z`, count }));

  it('count all, and say when it was worst', () => {
    expect(summaryOf(hours(0, 0))).toBe('Nothing failed in the last 24 hours.');
    expect(summaryOf(hours(0, 1))).toMatch(/^1 operation failed in the last 24 hours, after /);
    expect(summaryOf(hours(1, 4, 2))).toMatch(/^7 operations failed .* most of them \(4\) in the hour from /);
  });
});
