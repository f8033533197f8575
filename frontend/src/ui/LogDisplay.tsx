// Lines of a log: only those in sight exist in the page, however many there are. It follows the end until somebody scrolls up.
// Where lines can be opened it is a list to choose from, and gone through with the arrow keys.

import { useVirtualizer } from '@tanstack/react-virtual';
import clsx from 'clsx';
import { type ComponentProps, useId, useRef } from 'react';
import { LoadingSpinner } from './LoadingSpinner';
import { PAGE, ROW, useKeptPlace, useTail, useWalk } from './logPlace';

export type LogLine = {
  id: string;
  time: string;
  level: 'debug' | 'info' | 'warning' | 'error' | 'critical';
  source: string;
  message: string;
};

type LogDisplayProps<Line extends LogLine> = {
  lines: Line[];
  /** More is on its way. */
  isLive: boolean;
  /** Told when following the end is interrupted, and when it goes on. */
  onPause?: ((isPaused: boolean) => void) | undefined;
  /** Told which line somebody wants to see more of. */
  onOpen?: ((line: Line) => void) | undefined;
  openId?: string | undefined;
  /** Told when the beginning is in sight. */
  onBeginning?: (() => void) | undefined;
};

const LEVELS = {
  debug: 'text-faint',
  info: 'text-soft',
  warning: 'text-warn',
  error: 'text-bad',
  critical: 'font-semibold text-bad',
};
const clock = new Intl.DateTimeFormat('en', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
const day = new Intl.DateTimeFormat('en', { month: 'short', day: '2-digit' });

export function LogDisplay<Line extends LogLine>(props: LogDisplayProps<Line>) {
  const { lines, isLive, onPause, onBeginning } = props;
  const frame = useRef<HTMLDivElement>(null);
  const { isFollowing, missed, look, follow } = useTail(frame, lines, onPause);
  useKeptPlace(frame, lines, isFollowing);

  function scrolled() {
    look();
    if ((frame.current?.scrollTop ?? 0) < ROW * PAGE) onBeginning?.();
  }

  return (
    <div className="relative h-full min-h-0">
      <Rows {...props} frame={frame} onScroll={scrolled} isWaiting={isLive && isFollowing} />
      {missed > 0 && (
        <button
          type="button"
          onClick={follow}
          className="absolute bottom-4 left-1/2 h-9 -translate-x-1/2 rounded-full bg-ink px-4 text-sm font-medium text-white"
        >
          {missed === 1 ? '1 new line' : `${missed.toLocaleString('en')} new lines`}
        </button>
      )}
    </div>
  );
}

type RowsProps<Line extends LogLine> = LogDisplayProps<Line> & {
  frame: React.RefObject<HTMLDivElement | null>;
  onScroll: () => void;
  isWaiting: boolean;
};

function Rows<Line extends LogLine>({ lines, onOpen, openId, frame, onScroll, isWaiting }: RowsProps<Line>) {
  const id = useId();
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW,
    overscan: 12,
  });
  const { active, setActive, walk } = useWalk(lines, (place) => rows.scrollToIndex(place), onOpen);
  const showsDays = dayOf(lines[0]) !== dayOf(lines.at(-1));
  const list: ComponentProps<'div'> = onOpen
    ? { role: 'listbox', 'aria-label': 'Lines of the log', 'aria-activedescendant': active && `${id}${active}` }
    : { role: 'log', 'aria-label': 'Log' };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it is a list to choose from, or a log
    <div
      ref={frame}
      aria-live="off"
      {...list}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      onKeyDown={onOpen && walk}
      onScroll={onScroll}
      className="h-full overflow-auto rounded-card border border-line bg-wash font-mono text-[13px]"
    >
      <div role="presentation" className="relative w-full" style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, start }) => {
          const line = lines[index];
          if (!line) return null;
          const choose = () => {
            setActive(line.id);
            onOpen?.(line);
          };
          const of = { line, start, place: index + 1, count: lines.length, showsDay: showsDays };
          const state = { isOpen: line.id === openId, isActive: line.id === active };
          return <Row key={line.id} id={`${id}${line.id}`} {...of} {...state} onChoose={onOpen && choose} />;
        })}
      </div>
      {isWaiting && (
        <p role="presentation" className="flex items-center gap-2 px-4 py-2 text-soft">
          <LoadingSpinner /> Waiting for the next line
        </p>
      )}
    </div>
  );
}

type RowProps = {
  id: string;
  line: LogLine;
  start: number;
  place: number;
  count: number;
  showsDay: boolean;
  isOpen: boolean;
  isActive: boolean;
  onChoose: (() => void) | undefined;
};

function Row({ id, line, start, place, count, showsDay, isOpen, isActive, onChoose }: RowProps) {
  const moment = new Date(line.time);
  const option: ComponentProps<'div'> = onChoose
    ? { role: 'option', 'aria-selected': isOpen, 'aria-setsize': count, 'aria-posinset': place, onClick: onChoose }
    : {};
  return (
    <div
      id={id}
      {...option}
      className={clsx(
        'absolute top-0 left-0 flex h-7 w-max min-w-full items-center gap-4 px-4 whitespace-pre',
        isOpen ? 'bg-accent-wash' : 'hover:bg-white',
        onChoose && 'cursor-pointer',
        onChoose && isActive && 'outline-1 -outline-offset-1 outline-accent',
      )}
      style={{ transform: `translateY(${start}px)` }}
    >
      <time dateTime={line.time} title={line.time} className="text-soft tabular-nums">
        {showsDay && `${day.format(moment)} `}
        {clock.format(moment)}
      </time>
      <span className={clsx('w-16', LEVELS[line.level])}>{line.level}</span>
      <span className="w-20 text-soft">{line.source}</span>
      <span>{line.message}</span>
    </div>
  );
}

function dayOf(line: LogLine | undefined): string {
  return line ? day.format(new Date(line.time)) : '';
}
