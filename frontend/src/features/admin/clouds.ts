// What clouds are called for people.

export const CLOUDS: Record<string, string> = { local: 'this machine', gcp: 'Google Cloud' };
