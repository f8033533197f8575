// The clouds sites are on, as people call them.

const CLOUDS: Record<string, string> = { local: 'this machine', gcp: 'Google Cloud' };

export function cloudCalled(name: string | null | undefined): string {
  return CLOUDS[name ?? ''] ?? (name || 'another cloud');
}
