// Looking a page over: wide and narrow, by axe, and with nothing but the Tab key.

import { equal, truth } from './stage.mjs';

const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 390, height: 844 };
const FOCUSABLE = 'main :is(a[href], button, input, select, textarea, summary, [tabindex="0"])';

/** Pictures and axe at both widths; nothing sticks out at the side of the narrow one. */
export async function lookOver(stage, name, page = stage.page) {
  await stage.inspect(`${name} 1280`, page);
  await page.setViewportSize(NARROW);
  await stage.inspect(`${name} 390`, page);
  await stage.claim(`nothing sticks out at 390 px: ${name}`, async () => {
    equal(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), 0);
  });
  await page.setViewportSize(WIDE);
}

/** Every control of the page can be reached by Tab alone, and shows that it has been. */
export async function reachAll(stage, name, page = stage.page) {
  await stage.claim(`everything is reached by keyboard: ${name}`, async () => {
    const all = await page.evaluate(number, FOCUSABLE);
    truth(all.length > 0, 'there is nothing to reach');
    const reached = new Set();
    for (let presses = 0; presses < all.length + 30 && reached.size < all.length; presses += 1) {
      await page.keyboard.press('Tab');
      const { place, isSeen } = await page.evaluate(whereFocusIs);
      if (place === null) continue;
      truth(isSeen, `the focus cannot be seen on ${all[place]}`);
      reached.add(Number(place));
    }
    equal(
      all.filter((_, place) => !reached.has(place)),
      [],
    );
  });
}

/** Numbers what ought to be reachable, from the top, and says what each is. */
function number(selector) {
  document.activeElement?.blur();
  const all = [...document.querySelectorAll(selector)].filter((one) => one.checkVisibility() && !one.disabled);
  for (const [place, one] of all.entries()) one.dataset.place = String(place);
  return all.map((one) => `${one.tagName} ${one.getAttribute('aria-label') ?? one.textContent}`.slice(0, 60));
}

function whereFocusIs() {
  const here = document.activeElement;
  return { place: here?.dataset?.place ?? null, isSeen: getComputedStyle(here).outlineStyle !== 'none' };
}
