// Where somebody is in a log: at its end, which goes on; or up in it, where nothing may move under their eyes; and by keyboard at a line.

import { type KeyboardEvent, type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';

export const ROW = 28;
export const PAGE = 15;
const NEAR = 40;
type Frame = RefObject<HTMLDivElement | null>;
type Identified = { id: string };

/** Stays at the end while lines arrive; whoever scrolls up is left in peace, and told how much came meanwhile. */
export function useTail(frame: Frame, lines: Identified[], onPause?: (isPaused: boolean) => void) {
  const [isFollowing, setFollowing] = useState(true);
  const [seen, setSeen] = useState<string>();
  const newest = lines.at(-1)?.id;

  useEffect(() => {
    if (!isFollowing) return;
    setSeen(newest);
    frame.current?.scrollTo({ top: frame.current.scrollHeight });
  }, [frame, newest, isFollowing]);

  function change(next: boolean) {
    if (next === isFollowing) return;
    setFollowing(next);
    onPause?.(!next);
  }

  function look() {
    const place = frame.current;
    if (place) change(place.scrollHeight - place.scrollTop - place.clientHeight < NEAR);
  }

  const missed = isFollowing ? 0 : lines.length - 1 - lines.findLastIndex(({ id }) => id === seen);
  return { isFollowing, missed, look, follow: () => change(true) };
}

/** Lines that come before those in sight move nothing under a reader's eyes. */
export function useKeptPlace(frame: Frame, lines: Identified[], isFollowing: boolean) {
  const first = useRef('');
  useLayoutEffect(() => {
    const was = first.current;
    first.current = lines[0]?.id ?? '';
    if (isFollowing || !was || was === first.current) return;
    const came = lines.findIndex(({ id }) => id === was);
    if (came > 0 && frame.current) frame.current.scrollTop += came * ROW;
  }, [frame, lines, isFollowing]);
}

/** Arrows, pages and both ends go from line to line; Enter opens one. `active` is the line somebody is at. */
export function useWalk<Line extends Identified>(
  lines: Line[],
  scrollTo: (place: number) => void,
  open?: (line: Line) => void,
) {
  const [active, setActive] = useState('');
  function walk(event: KeyboardEvent) {
    const here = lines.findIndex(({ id }) => id === active);
    const next = placeAfter(event.key, here, lines.length);
    if (next !== undefined) {
      setActive(lines[next]?.id ?? '');
      scrollTo(next);
    } else if (event.key === 'Enter' && lines[here]) {
      open?.(lines[here]);
    } else return;
    event.preventDefault();
  }
  return { active, setActive, walk };
}

/** Where a key leads from a place in a list; from nowhere, to its end. */
function placeAfter(key: string, here: number, count: number): number | undefined {
  const start = here < 0 ? count : here;
  const steps: Record<string, number> = {
    ArrowDown: start + 1,
    ArrowUp: start - 1,
    PageDown: start + PAGE,
    PageUp: start - PAGE,
    Home: 0,
    End: count - 1,
  };
  const step = steps[key];
  return step === undefined || count === 0 ? undefined : Math.max(0, Math.min(count - 1, step));
}
