// Copies a text, and says so for a moment, to the eye and to the ear.

import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { announce } from '@/lib/announce';

const SHOWN_MS = 1500;

export function CopyButton({ text, what }: { text: string; what: string }) {
  const [copied, setCopied] = useState(false);

  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);

  async function copy() {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    announce(`Copied ${what}`);
  }

  const Icon = copied ? Check : Copy;
  return (
    <button
      type="button"
      aria-label={copied ? `Copied ${what}` : `Copy ${what}`}
      onClick={copy}
      className="grid size-8 shrink-0 place-items-center rounded-full text-soft transition duration-150 hover:bg-wash hover:text-ink"
    >
      <Icon aria-hidden="true" className={copied ? 'size-4 text-good' : 'size-4'} />
    </button>
  );
}
