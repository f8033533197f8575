// Keeps the end of a growing thread in sight, as long as the reader is at the end; scrolling up is respected.

import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';

const NEAR_PX = 80;

type Box = RefObject<HTMLDivElement | null>;

export function useStickToEnd(frame: Box, content: Box, messageCount: number) {
  const [isAtEnd, setAtEnd] = useState(true);
  const isSticking = useRef(true);

  const goToEnd = useCallback(() => {
    isSticking.current = true;
    frame.current?.scrollTo({ top: frame.current.scrollHeight });
  }, [frame]);

  useEffect(() => {
    const [outer, inner] = [frame.current, content.current];
    if (!outer || !inner) return;
    let before = outer.scrollTop;
    const look = () => {
      const isNear = outer.scrollHeight - outer.scrollTop - outer.clientHeight < NEAR_PX;
      // Content that grows moves the end away too; only going up is a reader's wish to stay.
      if (isNear) isSticking.current = true;
      else if (outer.scrollTop < before) isSticking.current = false;
      before = outer.scrollTop;
      setAtEnd(isSticking.current);
    };
    const growth = new ResizeObserver(() => isSticking.current && goToEnd());
    growth.observe(inner);
    outer.addEventListener('scroll', look, { passive: true });
    return () => {
      growth.disconnect();
      outer.removeEventListener('scroll', look);
    };
  }, [frame, content, goToEnd]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new message brings the end back into sight
  useLayoutEffect(goToEnd, [goToEnd, messageCount]);

  return { isAtEnd, goToEnd };
}
