// A link to a plan comes from another program, often to a browser that is not signed in: after sign-in one is back at the plan.

const KEY = 'aipress.back';
const WORTH_IT = '/plans/';

/** Before leaving for sign-in. */
export function noteWayBack(): void {
  const { pathname } = window.location;
  if (pathname.startsWith(WORTH_IT)) sessionStorage.setItem(KEY, pathname);
}

/** Where to go after sign-in: once to the plan one came for, otherwise home. */
export function takeWayBack(): string {
  const back = sessionStorage.getItem(KEY);
  sessionStorage.removeItem(KEY);
  return back?.startsWith(WORTH_IT) ? back : '/';
}
