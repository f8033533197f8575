// How a link inside a row or a sentence looks.

export const LINK = 'rounded-sm font-medium text-accent underline-offset-4 wrap-anywhere hover:underline';
