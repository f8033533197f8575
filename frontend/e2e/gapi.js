// Stands where Google's script would be, which Firebase's SDK and its emulator's frame both load: the few of its calls they use,
// over window messages. The tests' browser is given it for https://apis.google.com/js/api.js, so the page's own code is untouched.

{
  const named = new Map();
  const waiting = new Map();
  let number = 0;

  function peer(other) {
    return {
      restyle: () => Promise.resolve(),
      register: (name, answer) => named.set(name, answer),
      send(name, data, hear) {
        number += 1;
        waiting.set(number, hear);
        other().postMessage({ gapi: 'ask', name, data, number }, '*');
      },
    };
  }

  /** As Google's does, it swallows what its listeners throw: the SDK's always throws, also after a good answer. */
  function hear({ number: asked, answer }) {
    try {
      waiting.get(asked)?.([answer]);
    } catch {}
    waiting.delete(asked);
  }

  window.addEventListener('message', async ({ data, source }) => {
    if (data?.gapi === 'ask') {
      const answer = await named.get(data.name)?.(data.data);
      source.postMessage({ gapi: 'answer', number: data.number, answer }, '*');
    } else if (data?.gapi === 'answer') {
      hear(data);
    }
  });

  function openFrame({ where, url, attributes }, opened) {
    const frame = document.createElement('iframe');
    Object.assign(frame.style, attributes.style);
    frame.title = 'sign-in';
    frame.setAttribute('aria-hidden', attributes['aria-hidden']);
    frame.tabIndex = -1;
    const loaded = new Promise((resolve) => frame.addEventListener('load', resolve));
    frame.src = url;
    where.append(frame);
    return opened({ ...peer(() => frame.contentWindow), ping: (heard) => loaded.then(heard) });
  }

  window.gapi = {
    load: (_part, { callback }) => callback(),
    iframes: {
      CROSS_ORIGIN_IFRAMES_FILTER: null,
      getContext: () => ({ open: openFrame, getParentIframe: () => peer(() => window.parent) }),
    },
  };
  const onload = new URL(document.currentScript.src).searchParams.get('onload');
  setTimeout(() => (onload ? window[onload] : window.gapi_onload)?.());
}
