// What is pressed, and what answers: buttons, dialogs, menus, toasts, notices.

import { useState } from 'react';
import { toast } from '@/lib/toast';
import { Button, type Kind, OutsideLink } from '@/ui/Button';
import { CopyButton } from '@/ui/CopyButton';
import { EmptyState } from '@/ui/EmptyState';
import { LoadingSpinner } from '@/ui/LoadingSpinner';
import { Menu } from '@/ui/Menu';
import { Modal } from '@/ui/Modal';
import { Notice } from '@/ui/Notice';
import { Status } from '@/ui/Status';
import { StatusLine } from '@/ui/StatusLine';
import { TypeToConfirm } from '@/ui/TypeToConfirm';
import { Row, Section } from './Section';

const KINDS: Kind[] = ['primary', 'secondary', 'quiet', 'danger'];

export function Buttons() {
  return (
    <Section name="Buttons">
      {(['rest', 'busy', 'disabled'] as const).map((state) => (
        <Row key={state}>
          {KINDS.map((kind) => (
            <Button key={kind} kind={kind} busy={state === 'busy'} disabled={state === 'disabled'}>
              {`${kind} ${state}`}
            </Button>
          ))}
        </Row>
      ))}
      <Row>
        <OutsideLink href="http://bakery.localhost:8080/">Open site</OutsideLink>
        <CopyButton text="bakery.localhost" what="the address" />
        <LoadingSpinner />
      </Row>
    </Section>
  );
}

export function Overlays() {
  const [open, setOpen] = useState<'modal' | 'confirm' | null>(null);
  const close = () => setOpen(null);
  return (
    <Section name="Dialogs, menus, toasts">
      <Row>
        <Button onClick={() => setOpen('modal')}>Open a dialog</Button>
        <Button onClick={() => setOpen('confirm')}>Open typing to confirm</Button>
        <Menu
          label="Actions for Sunrise Bakery"
          items={[
            { label: 'Rename', onSelect: () => toast({ title: 'Renamed' }) },
            { label: 'Back up', onSelect: close, disabled: true },
            { label: 'Delete', onSelect: () => setOpen('confirm'), kind: 'danger' },
          ]}
        />
        <Button
          onClick={() =>
            toast({ title: 'Renamed to Sunrise Bakery', action: { label: 'Undo', onPress: () => undefined } })
          }
        >
          Show a toast
        </Button>
        <Button onClick={() => toast({ title: 'That did not work: the site is being removed.', tone: 'bad' })}>
          Show a bad toast
        </Button>
      </Row>
      <Modal
        open={open === 'modal'}
        onClose={close}
        title="Share Sunrise Bakery"
        footer={
          <>
            <Button onClick={close}>Cancel</Button>
            <Button kind="primary" onClick={close}>
              Share
            </Button>
          </>
        }
      >
        <p className="text-sm text-soft">They can see everything of this site and do what can be undone.</p>
      </Modal>
      <TypeToConfirm
        open={open === 'confirm'}
        onClose={close}
        title="Delete Sunrise Bakery"
        word="sunrise-bakery"
        confirmLabel="Delete"
        onConfirm={close}
        busy={false}
        error="It is still being made. Delete it when it is there."
      >
        <p className="text-sm text-soft">Every page, post, upload and user of it goes with it.</p>
      </TypeToConfirm>
    </Section>
  );
}

export function Feedback() {
  return (
    <Section name="How things are">
      <Row>
        <Status tone="good" word="Live" />
        <Status tone="busy" word="Being made" />
        <Status tone="bad" word="Did not work" />
        <Status tone="off" word="Deleted" />
      </Row>
      <StatusLine tone="good">Everything answers. Checked from outside a minute ago.</StatusLine>
      <StatusLine tone="busy">It is being made; that takes a second or two.</StatusLine>
      <StatusLine tone="bad" action={<Button>Look</Button>}>
        It could not be made.
      </StatusLine>
      <StatusLine tone="off">Nothing is measured here yet.</StatusLine>
      <Notice title="This cannot be shown right now." reference="3fa9c1d2" action={<Button>Try again</Button>}>
        Your sites are not affected.
      </Notice>
      <EmptyState title="No members yet" action={<Button kind="primary">Share this site</Button>}>
        Whoever you share it with sees everything of it and can do what can be undone.
      </EmptyState>
    </Section>
  );
}
