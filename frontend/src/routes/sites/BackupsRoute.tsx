// `/sites/$site/backups`. No backups are made yet, which is said plainly, with what to do meanwhile.

import { EmptyState } from '@/ui/EmptyState';
import { Tab, WordPressButton } from './Tab';

export function BackupsRoute() {
  return (
    <Tab title="Backups">
      <EmptyState title="No backups are made yet" action={<WordPressButton />}>
        Points to go back to will be listed here, with the last time each was restored as a test. Until then, keep a
        copy of what matters: Tools → Export in WP Admin writes posts and pages into one file.
      </EmptyState>
    </Tab>
  );
}
