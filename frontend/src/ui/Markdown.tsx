// Text of the assistant as markdown that cannot do harm: no raw HTML, no image ever loads, and only addresses it is handed become
// links; whatever else looks like one is text, and says where it would lead. Loaded lazily; until then the plain text stands in its place.

import { createContext, memo, type ReactNode, useContext, useMemo } from 'react';
import ReactMarkdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import remend from 'remend';
import { webAddress } from '@/lib/format';

type MarkdownProps = { text: string; isGrowing: boolean; addresses?: string[] };

const NONE: string[] = [];

export default function Markdown({ text, isGrowing, addresses = NONE }: MarkdownProps) {
  const blocks = useMemo(() => splitBlocks(isGrowing ? remend(text) : text), [text, isGrowing]);
  return (
    <Linked value={addresses}>
      <div className="space-y-4 wrap-break-word">
        {blocks.map((block, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: blocks are only ever appended, their place is their identity
          <Block key={place} text={block} />
        ))}
      </div>
    </Linked>
  );
}

/** The addresses outside the app that may be links. */
const Linked = createContext(NONE);

const PLUGINS = [remarkGfm];

/** Only the last block changes while text arrives; the others are not parsed again. */
const Block = memo(({ text }: { text: string }) => (
  <ReactMarkdown remarkPlugins={PLUGINS} components={ELEMENTS}>
    {text}
  </ReactMarkdown>
));

const FENCE = /^\s*(```|~~~)/;

/** Paragraph by paragraph, keeping fenced code whole. */
function splitBlocks(text: string): string[] {
  const blocks: string[] = [];
  let lines: string[] = [];
  let isFenced = false;
  for (const line of text.split('\n')) {
    if (FENCE.test(line)) isFenced = !isFenced;
    if (!isFenced && line.trim() === '' && lines.length > 0) {
      blocks.push(lines.join('\n'));
      lines = [];
    } else lines.push(line);
  }
  return lines.some((line) => line.trim()) ? [...blocks, lines.join('\n')] : blocks;
}

function SafeLink({ href, children }: { href?: string | undefined; children?: ReactNode }) {
  const known = useContext(Linked);
  const address = webAddress(href);
  if (!address) return <span>{children}</span>;
  const where = saysWhere(children, address) ? null : <span className="pl-1 text-xs text-soft">({address.host})</span>;
  if (!mayBeLink(address, known)) {
    return (
      <span>
        {children}
        {where}
      </span>
    );
  }
  return (
    <a
      href={address.href}
      target="_blank"
      rel="noopener noreferrer nofollow"
      className="rounded-sm text-accent underline underline-offset-4"
    >
      {children}
      {where}
    </a>
  );
}

/** A page of this app, or a known address exactly: whatever is added to it could carry something away. */
function mayBeLink(address: URL, known: string[]): boolean {
  const isHere = address.origin === window.location.origin && !address.username && !address.password;
  return isHere || known.some((one) => webAddress(one)?.href === address.href);
}

/** The text is the address itself, so there is nothing to add. */
function saysWhere(children: ReactNode, { host }: URL): boolean {
  const text = String(children);
  return text === host || webAddress(text)?.host === host;
}

const ELEMENTS: Components = {
  a: ({ href, children }) => <SafeLink href={href}>{children}</SafeLink>,
  img: ({ alt }) => <span className="text-soft">[image: {alt || 'not shown'}]</span>,
  th: ({ children }) => <th scope="col">{children}</th>,
  td: ({ children }) => <td>{children}</td>,
  input: ({ checked }) => <span aria-hidden="true">{checked ? '☑' : '☐'}</span>,
  h1: ({ children }) => <h3 className="text-lg font-semibold tracking-tight">{children}</h3>,
  h2: ({ children }) => <h3 className="text-base font-semibold tracking-tight">{children}</h3>,
  h3: ({ children }) => <h4 className="font-semibold">{children}</h4>,
  ul: ({ children }) => <ul className="list-disc space-y-1 pl-5 marker:text-soft">{children}</ul>,
  ol: ({ children, start }) => (
    <ol start={start} className="list-decimal space-y-1 pl-5 marker:text-soft">
      {children}
    </ol>
  ),
  blockquote: ({ children }) => <blockquote className="border-l-2 border-line pl-4 text-soft">{children}</blockquote>,
  code: ({ children }) => <code className="rounded-md bg-wash px-1.5 py-0.5 font-mono text-[13px]">{children}</code>,
  pre: ({ children }) => (
    <Scrollable label="Code">
      <pre className="p-4 [&_code]:bg-transparent [&_code]:p-0">{children}</pre>
    </Scrollable>
  ),
  table: ({ children }) => (
    <Scrollable label="Table">
      <table className="w-full text-sm [&_td]:border-t [&_td]:border-line [&_td]:px-4 [&_td]:py-2 [&_th]:px-4 [&_th]:py-2 [&_th]:text-left">
        {children}
      </table>
    </Scrollable>
  ),
};

/** What is wider than the column scrolls by itself, with the keyboard too. */
function Scrollable({ label, children }: { label: string; children: ReactNode }) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      className="overflow-x-auto rounded-xl border border-line bg-wash"
    >
      {children}
    </section>
  );
}
