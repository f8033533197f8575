// Lines of a log: only those in sight exist in the page, however many there are. It follows the end until somebody scrolls up.

import { useVirtualizer } from '@tanstack/react-virtual';
import clsx from 'clsx';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { LoadingSpinner } from './LoadingSpinner';

export type LogLine = { id: string; time: string; level: 'info' | 'warning' | 'error'; source: string; text: string };

type LogDisplayProps = {
  lines: LogLine[];
  /** More is on its way. */
  isLive: boolean;
  /** Told when following the end is interrupted, and when it goes on. */
  onPause?: ((isPaused: boolean) => void) | undefined;
};

const ROW = 28;
const NEAR = 40;
const LEVELS = { info: 'text-soft', warning: 'text-warn', error: 'text-bad' };
const clock = new Intl.DateTimeFormat('en', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

export function LogDisplay({ lines, isLive, onPause }: LogDisplayProps) {
  const frame = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW,
    overscan: 12,
  });
  const { isFollowing, missed, look, follow } = useTail(frame, lines.length, onPause);

  return (
    <div className="relative h-full min-h-0">
      <div
        ref={frame}
        role="log"
        aria-live="off"
        aria-label="Log"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
        onScroll={look}
        className="h-full overflow-auto rounded-card border border-line bg-wash font-mono text-[13px]"
      >
        <div className="relative w-full" style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map(({ key, index, start }) => {
            const line = lines[index];
            return line && <Line key={key} line={line} start={start} />;
          })}
        </div>
        {isLive && isFollowing && (
          <p className="flex items-center gap-2 px-4 py-2 text-soft">
            <LoadingSpinner /> Waiting for the next line
          </p>
        )}
      </div>
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

function Line({ line: { time, level, source, text }, start }: { line: LogLine; start: number }) {
  return (
    <div
      className="absolute top-0 left-0 flex h-7 w-max min-w-full items-center gap-4 px-4 whitespace-pre hover:bg-white"
      style={{ transform: `translateY(${start}px)` }}
    >
      <time dateTime={time} title={time} className="text-soft tabular-nums">
        {clock.format(new Date(time))}
      </time>
      <span className={clsx('w-16', LEVELS[level])}>{level}</span>
      <span className="w-20 text-soft">{source}</span>
      <span>{text}</span>
    </div>
  );
}

/** Stays at the end while lines arrive; whoever scrolls up is left in peace, and told how much came meanwhile. */
function useTail(frame: RefObject<HTMLDivElement | null>, count: number, onPause?: (isPaused: boolean) => void) {
  const [isFollowing, setFollowing] = useState(true);
  const [seen, setSeen] = useState(count);

  useEffect(() => {
    if (!isFollowing) return;
    setSeen(count);
    frame.current?.scrollTo({ top: frame.current.scrollHeight });
  }, [frame, count, isFollowing]);

  function change(next: boolean) {
    if (next === isFollowing) return;
    setFollowing(next);
    onPause?.(!next);
  }

  function look() {
    const place = frame.current;
    if (place) change(place.scrollHeight - place.scrollTop - place.clientHeight < NEAR);
  }

  return { isFollowing, missed: isFollowing ? 0 : Math.max(0, count - seen), look, follow: () => change(true) };
}
