// Where dialogs and menus are put: inside the main region, so that a screen reader finds them in a landmark.

/** Looked up when something opens: what stands before <main> renders before <main> is there. */
export const overlayRoot = {
  get current(): HTMLElement {
    return document.querySelector('main') ?? document.body;
  },
};
