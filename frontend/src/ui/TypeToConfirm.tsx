// What cannot be taken back is confirmed by typing a word: nothing else presses the button by accident.

import { type ReactNode, type SubmitEvent, useEffect, useId, useState } from 'react';
import { Button } from './Button';
import { Modal } from './Modal';
import { TextInput } from './TextInput';
import { useTooSoon } from './useTooSoon';

type TypeToConfirmProps = {
  open: boolean;
  onClose: () => void;
  title: string;
  /** What has to be typed, exactly. */
  word: string;
  confirmLabel: string;
  onConfirm: () => void;
  busy: boolean;
  error?: string | undefined;
  children?: ReactNode;
};

export function TypeToConfirm({ open, onClose, title, children, ...rest }: TypeToConfirmProps) {
  const form = useId();
  const [typed, setTyped] = useState('');
  const isTooSoon = useTooSoon(open);
  // Whoever closes it, what was typed for one question never answers the next.
  useEffect(() => {
    if (!open) setTyped('');
  }, [open]);
  const isRight = typed.trim() === rest.word;

  function submit(event: SubmitEvent) {
    event.preventDefault();
    if (isRight && !rest.busy && !isTooSoon()) rest.onConfirm();
  }

  return (
    <Modal
      open={open}
      onClose={onClose}
      title={title}
      footer={<Answer form={form} isRight={isRight} onCancel={onClose} {...rest} />}
    >
      <form id={form} onSubmit={submit} className="grid gap-4">
        {children}
        <TextInput
          label={`Type ${rest.word} to confirm`}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          error={rest.error}
        />
      </form>
    </Modal>
  );
}

type AnswerProps = { form: string; isRight: boolean; onCancel: () => void; confirmLabel: string; busy: boolean };

function Answer({ form, isRight, onCancel, confirmLabel, busy }: AnswerProps) {
  return (
    <>
      <Button onClick={onCancel}>Cancel</Button>
      <Button type="submit" form={form} kind="danger" disabled={!isRight} busy={busy}>
        {confirmLabel}
      </Button>
    </>
  );
}
