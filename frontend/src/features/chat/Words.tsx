// What the assistant says, as markdown. Only the addresses of one's own sites become links. Loaded lazily, with markdown itself.

import type { QueryClient } from '@tanstack/react-query';
import { useOwnAddresses } from '@/api/ownAddresses';
import Markdown from '@/ui/Markdown';

type WordsProps = { text: string; isGrowing: boolean; queryClient: QueryClient };

export default function Words({ text, isGrowing, queryClient }: WordsProps) {
  return <Markdown text={text} isGrowing={isGrowing} addresses={useOwnAddresses(queryClient)} />;
}
