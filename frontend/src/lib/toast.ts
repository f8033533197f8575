// Something to know that needs no answer: said once, at the edge of the screen, gone by itself.

import { announce } from './announce';
import { createSignal } from './signal';

export type ToastTone = 'plain' | 'bad';
export type ToastAction = { label: string; onPress: () => void };
export type Toast = { id: number; title: string; tone: ToastTone; action?: ToastAction | undefined };

const MOST = 3;
export const toasts = createSignal<Toast[]>([]);
let latest = 0;

/** Shows it and says it aloud. */
export function toast({
  title,
  tone = 'plain',
  action,
}: {
  title: string;
  tone?: ToastTone;
  action?: ToastAction;
}): void {
  latest += 1;
  toasts.set([...toasts.get(), { id: latest, title, tone, action }].slice(-MOST));
  announce(action ? `${title}. ${action.label} is offered` : title);
}

export function dismissToast(id: number): void {
  toasts.set(toasts.get().filter((one) => one.id !== id));
}
