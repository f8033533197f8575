// Where dialogs and menus are put: inside the main region, so that a screen reader finds them in a landmark.

export function overlayRoot(): HTMLElement {
  return document.querySelector('main') ?? document.body;
}
