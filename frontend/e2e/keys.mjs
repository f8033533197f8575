// Going about with the keyboard alone: from wherever the focus is to what has this name, as Tab would take a person there.

const MOST = 120;

/** Presses Tab until what has the focus is called `name` (a text, or a pattern), and fails if it never is. */
export async function tabTo(page, name) {
  const met = [];
  for (let tabs = 0; tabs < MOST; tabs += 1) {
    await page.keyboard.press('Tab');
    const now = await page.evaluate(focused);
    if (typeof name === 'string' ? now === name : name.test(now)) return;
    met.push(now);
  }
  throw new Error(`Tab never comes to ${name}; it came to ${JSON.stringify([...new Set(met)])}`);
}

export async function pressOn(page, name) {
  await tabTo(page, name);
  await page.keyboard.press('Enter');
}

function focused() {
  const one = document.activeElement;
  const said = one?.getAttribute('aria-label') ?? one?.labels?.[0]?.textContent ?? one?.textContent ?? '';
  return said.trim();
}
