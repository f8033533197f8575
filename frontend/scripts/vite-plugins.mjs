// Two small build plugins: /login, /shared/…, /kit and /api/docs answer with their own documents in development, and the first page's code and font are
// asked for straight from the HTML, so the browser need not discover them one after another.

const FIRST_PAGE = 'src/routes/ChatRoute.tsx';
const FONT = /inter-latin-wght-normal.*\.woff2$/;

export function ownDocuments() {
  const rewrite = (request, _response, next) => {
    const path = request.url?.split('?')[0];
    if (path === '/login' || path === '/kit') request.url = `${path}.html`;
    if (path?.startsWith('/shared/')) request.url = '/shared.html';
    if (path === '/api/docs') request.url = '/apidocs.html';
    next();
  };
  const use = (server) => {
    server.middlewares.use(rewrite);
  };
  return { name: 'own-documents', configureServer: use, configurePreviewServer: use };
}

export function preloadFirstPage() {
  return {
    name: 'preload-first-page',
    transformIndexHtml: {
      order: 'post',
      handler: (html, { bundle, path }) => (bundle ? [...font(bundle), ...code(bundle, path, html)] : []),
    },
  };
}

function font(bundle) {
  const file = Object.keys(bundle).find((name) => FONT.test(name));
  if (!file) return [];
  return [link({ rel: 'preload', as: 'font', type: 'font/woff2', href: `/${file}`, crossorigin: '' })];
}

function code(bundle, path, html) {
  if (!path.endsWith('index.html')) return [];
  const chunk = Object.values(bundle).find((one) => one.facadeModuleId?.endsWith(FIRST_PAGE));
  if (!chunk) return [];
  return [chunk.fileName, ...chunk.imports]
    .filter((file) => !html.includes(file))
    .map((file) => link({ rel: 'modulepreload', href: `/${file}`, crossorigin: '' }));
}

function link(attrs) {
  return { tag: 'link', attrs, injectTo: 'head' };
}
