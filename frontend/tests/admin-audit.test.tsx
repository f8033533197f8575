// The audit log: whether it is whole, what it says, what is looked for, and all of it as a file.

import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { wholeAudit } from '@/api/admin';
import { AuditFilters } from '@/features/admin/AuditFilters';
import { AuditList } from '@/features/admin/AuditList';
import { deedInWords, whoDid } from '@/features/admin/deeds';
import { Verdict } from '@/features/admin/Verdict';
import { type Fake, openStage, show, signIn } from './stage';

let fake: Fake;
beforeAll(async () => {
  fake = await openStage();
  await signIn(fake);
});
afterAll(() => fake.close());
beforeEach(() => {
  fake.world.role = 'admin';
  fake.world.deeds = [];
  fake.world.office.verdict = { intact: true, entries: 0, wrong: '' };
});

describe('the verdict', () => {
  it('is a check mark while the log is whole', async () => {
    fake.world.office.verdict.entries = 1234;
    show(<Verdict />);
    await screen.findByText('The log is intact');
    screen.getByText(/All 1,234 entries/);
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('is loud when it is not, and says where', async () => {
    fake.world.office.verdict = { intact: false, entries: 41, wrong: 'entry 42 is not what was written' };
    show(<Verdict />);
    const alarm = await screen.findByRole('alert');
    within(alarm).getByText('The log is not as it was written');
    within(alarm).getByText(/Entry 42 is not what was written\. The first 41 entries hold/);
  });

  it('is asked for again by a press', async () => {
    show(<Verdict />);
    await screen.findByText('The log is intact');
    fake.world.office.verdict = { intact: false, entries: 0, wrong: '3 entries are missing at the end' };
    await userEvent.click(screen.getByRole('button', { name: 'Check again' }));
    await screen.findByText(/3 entries are missing at the end/);
  });
});

describe('the list', () => {
  it('is sentences, with the exact record behind each', async () => {
    fake.world.note('CHANGE_USER', { id: 'usr_bob' }, { email: 'bob@example.com', role: 'admin' });
    const filter = vi.fn();
    show(<AuditList filters={{}} onFilter={filter} empty={<p>Nothing</p>} />);
    const sentence = await screen.findByText(/made bob@example.com an admin/);
    await userEvent.click(sentence);
    screen.getByText('CHANGE_USER');
    screen.getByText('usr_bob');
    screen.getByText(fake.world.deeds[0]?.seal ?? 'no seal');
    await userEvent.click(screen.getByRole('button', { name: 'All that was done to it' }));
    expect(filter).toHaveBeenCalledWith({ actor: '', action: '', subject: 'usr_bob' });
  });

  it('says so when nothing matches', async () => {
    fake.world.note('SIGN_IN', { id: 'usr_bob' });
    show(<AuditList filters={{ action: 'DELETE_SITE' }} onFilter={() => undefined} empty={<p>Nothing like it</p>} />);
    await screen.findByText('Nothing like it');
  });

  it('goes on by pages', async () => {
    for (let entry = 0; entry < 51; entry += 1) fake.world.note('SIGN_IN', { id: `usr_${entry}` });
    show(<AuditList filters={{}} onFilter={() => undefined} empty={<p>Nothing</p>} />);
    const list = await screen.findByRole('list', { name: 'Entries' });
    expect(within(list).getAllByRole('listitem')).toHaveLength(50);
    await userEvent.click(screen.getByRole('button', { name: 'Show more' }));
    await vi.waitFor(() => expect(within(list).getAllByRole('listitem')).toHaveLength(51));
  });
});

describe('filters', () => {
  it('hand on what was typed once it rests, without spaces around it', async () => {
    const change = vi.fn();
    show(<AuditFilters filters={{}} onChange={change} />);
    await userEvent.type(screen.getByLabelText('By whom'), ' bob@example.com ');
    await vi.waitFor(() => expect(change).toHaveBeenLastCalledWith({ actor: 'bob@example.com' }));
    expect(change).toHaveBeenCalledOnce();
    await userEvent.selectOptions(screen.getByLabelText('What was done'), 'Sign-ins');
    expect(change).toHaveBeenLastCalledWith({ action: 'SIGN_IN' });
  });

  it('show what a link asks for, even if they have no word for it', () => {
    show(<AuditFilters filters={{ actor: 'eve@example.com', action: 'SOMETHING_NEW' }} onChange={() => undefined} />);
    expect(screen.getByLabelText('By whom')).toHaveProperty('value', 'eve@example.com');
    expect(screen.getByLabelText('What was done')).toHaveProperty('value', 'SOMETHING_NEW');
  });
});

it('the file has every page of what is filtered', async () => {
  for (let entry = 0; entry < 450; entry += 1) {
    fake.world.note(entry % 2 ? 'SIGN_IN' : 'SIGN_OUT', { id: `usr_${entry}` });
  }
  const told: number[] = [];
  const all = await wholeAudit({ action: 'SIGN_IN' }, (entries) => told.push(entries));
  expect(all).toHaveLength(225);
  expect(new Set(all.map(({ action }) => action))).toEqual(new Set(['SIGN_IN']));
  expect(told).toEqual([200, 225]);
});

describe('sentences', () => {
  it.each([
    ['CHANGE_USER', { email: 'b@x.y', state: 'suspended' }, 'suspended b@x.y'],
    ['CHANGE_USER', { email: 'b@x.y', state: 'active', name: 'Bob' }, 'reactivated b@x.y and renamed b@x.y to “Bob”'],
    ['CREATE_USER', { email: 'b@x.y', role: 'tenant' }, 'added b@x.y as a tenant'],
    ['RENAME_SITE', { name: 'New', was: 'Old' }, 'renamed the site “Old” to “New”'],
    ['PLAN_CONFIRMED', { planned: 'DELETE_SITE' }, 'confirmed a plan to delete site'],
    ['NEVER_HEARD_OF', {}, 'never heard of'],
  ])('%s %j reads “%s”', (action, detail, sentence) => {
    expect(deedInWords({ action, detail: detail as Record<string, string> })).toBe(sentence);
  });

  it('never pass an agent off as a person', () => {
    expect(whoDid({ kind: 'agent', id: 'usr_1', email: 'ada@x.y' })).toBe('The assistant, for ada@x.y,');
    expect(whoDid({ kind: 'operator', id: '', email: '' })).toBe('The operator');
  });
});
