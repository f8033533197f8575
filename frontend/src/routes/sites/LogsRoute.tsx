// `/sites/$site/logs`. No logs of sites are collected yet.

import { EmptyState } from '@/ui/EmptyState';
import { Tab, WordPressButton } from './Tab';

export function LogsRoute() {
  return (
    <Tab title="Logs">
      <EmptyState title="No logs are collected yet" action={<WordPressButton />}>
        Requests, PHP messages and mail of this site will stand here as they happen, to search and to share. Until then,
        Tools → Site Health in WP Admin says what WordPress itself has noticed.
      </EmptyState>
    </Tab>
  );
}
