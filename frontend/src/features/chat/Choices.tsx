// Answers offered as buttons. Once the conversation has gone on they only show what was offered.

import type { Choice } from '@/api/chat/messages';
import { Button } from '@/ui/Button';

type ChoicesProps = { options: Choice[]; isOpen: boolean; onChoose: (text: string) => void };

export function Choices({ options, isOpen, onChoose }: ChoicesProps) {
  return (
    <ul aria-label="Choices" className="flex animate-rise flex-wrap gap-2">
      {options.map(({ label, text }) => (
        <li key={text}>
          <Button disabled={!isOpen} onClick={() => onChoose(text)}>
            {label}
          </Button>
        </li>
      ))}
    </ul>
  );
}
