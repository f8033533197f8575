// The lines of a log, oldest first: the newest page of them, older pages as they are asked for, and what comes in meanwhile.

import { type Dispatch, type SetStateAction, useEffect, useRef, useState } from 'react';
import { followLog, type LogLine, logPage } from '@/api/logs';
import { askedOf, type Filters, goesOn } from './filters';

/** More than this and the oldest go: nobody scrolls through them, and the page stays quick. */
export const MOST_KEPT = 20_000;

/** What was read, and for which `wish` of somebody's. */
type Log = { wish: string; lines: LogLine[]; older: string | null; error: unknown; isReady: boolean };
const NOTHING: Log = { wish: '', lines: [], older: null, error: null, isReady: false };
type Place = { slug: string; filters: Filters; wish: string; setLog: Dispatch<SetStateAction<Log>> };

export function useLog(slug: string, filters: Filters, isLive: boolean) {
  const [log, setLog] = useState(NOTHING);
  const [attempt, setAttempt] = useState(0);
  const wish = JSON.stringify([slug, filters, attempt]);
  const current = log.wish === wish ? log : NOTHING;
  const place = { slug, filters, wish, setLog };
  useNewest(place);
  const isFollowing = isLive && goesOn(filters) && current.isReady && !current.error;
  const isConnected = useFollowing(isFollowing, place, current.lines.at(-1)?.id ?? '');
  const { isReadingOlder, readOlder } = useOlder(place, current.older);
  return { ...current, isConnected, isReadingOlder, readOlder, retry: () => setAttempt(attempt + 1) };
}

/** Reads the newest page, anew for each wish. */
function useNewest(place: Place) {
  const latest = useRef(place);
  latest.current = place;
  const { wish } = place;
  useEffect(() => {
    let isWanted = true;
    const { slug, filters, setLog } = latest.current;
    logPage(slug, askedOf(filters, Date.now()))
      .then(({ items, next_cursor }) => ({ lines: items.toReversed(), older: next_cursor, error: null }))
      .catch((error: unknown) => ({ lines: [], older: null, error }))
      .then((found) => isWanted && setLog({ wish, isReady: true, ...found }));
    return () => {
      isWanted = false;
    };
  }, [wish]);
}

/** Follows the log behind a line, anew for each wish; whether it is connected. */
function useFollowing(isWanted: boolean, place: Place, after: string): boolean {
  const [isConnected, setConnected] = useState(false);
  const latest = useRef({ ...place, after });
  latest.current = { ...place, after };
  const wish = isWanted ? place.wish : '';
  useEffect(() => {
    if (!wish) return;
    const leaving = new AbortController();
    const { slug, filters, after, setLog } = latest.current;
    const tell = (fresh: LogLine[]) => setLog((log) => (log.wish === wish ? withMore(log, fresh) : log));
    void followLog(slug, askedOf(filters, Date.now()), after, leaving.signal, { tell, isOpen: setConnected });
    return () => {
      leaving.abort();
      setConnected(false);
    };
  }, [wish]);
  return isConnected;
}

/** The way to the page before what is there. What could not be read is asked for again when its place is seen again. */
function useOlder({ slug, filters, wish, setLog }: Place, older: string | null) {
  const [isReadingOlder, setReading] = useState(false);
  async function readOlder() {
    if (!older) return;
    setReading(true);
    await logPage(slug, askedOf(filters, Date.now()), older)
      .then(({ items, next_cursor }) =>
        setLog((log) =>
          log.wish === wish && log.older === older
            ? { ...log, lines: [...items.toReversed(), ...log.lines], older: next_cursor }
            : log,
        ),
      )
      .catch(() => undefined)
      .finally(() => setReading(false));
  }
  return { isReadingOlder, readOlder };
}

function withMore(log: Log, fresh: LogLine[]): Log {
  const lines = [...log.lines, ...fresh];
  if (lines.length <= MOST_KEPT) return { ...log, lines };
  const kept = lines.slice(-MOST_KEPT);
  return { ...log, lines: kept, older: kept[0]?.id ?? log.older };
}
