// Somebody is being signed in; they are on their way to the app.

import { LoadingSpinner } from '@/ui/LoadingSpinner';

export function Arriving() {
  return (
    <div className="flex items-center justify-center gap-3" role="status">
      <LoadingSpinner className="text-accent" />
      <h1 className="text-base font-medium">Signing you in…</h1>
    </div>
  );
}
