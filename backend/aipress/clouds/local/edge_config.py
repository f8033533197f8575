"""nginx's configuration, rendered once at `up`: it names no site, so it changes with the platform's settings only."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template
from types import MappingProxyType

from aipress.clouds.local.command import run
from aipress.clouds.local.content import PLATFORM_FILES
from aipress.clouds.local.page_cache import HARMLESS_COOKIES, QUERY_WITHOUT_MARKETING
from aipress.clouds.local.php import CORE

MODULES = Path("/usr/lib/nginx/modules")
BROTLI = ("ngx_http_brotli_filter_module.so", "ngx_http_brotli_static_module.so")
TEXT_TYPES = (
    "text/css text/plain text/javascript text/xml application/json application/problem+json application/rss+xml "
    "application/xml application/manifest+json application/wasm image/svg+xml font/ttf"
)
TYPES = {
    "text/html": "html htm",
    "text/css": "css",
    "text/plain": "txt",
    "text/xml": "xml xsl",
    "text/csv": "csv",
    "text/calendar": "ics",
    "text/vtt": "vtt",
    "text/javascript": "js mjs",
    "application/json": "json map",
    "application/manifest+json": "webmanifest",
    "application/pdf": "pdf",
    "application/wasm": "wasm",
    "application/zip": "zip",
    "application/gzip": "gz",
    "application/epub+zip": "epub",
    "application/rtf": "rtf",
    "application/msword": "doc",
    "application/vnd.ms-excel": "xls",
    "application/vnd.ms-powerpoint": "ppt",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/ogg": "ogg oga opus",
    "audio/wav": "wav",
    "audio/flac": "flac",
    "font/ttf": "ttf",
    "font/otf": "otf",
    "font/woff": "woff",
    "font/woff2": "woff2",
    "image/avif": "avif",
    "image/bmp": "bmp",
    "image/gif": "gif",
    "image/heic": "heic",
    "image/jpeg": "jpg jpeg",
    "image/png": "png",
    "image/svg+xml": "svg",
    "image/tiff": "tif tiff",
    "image/webp": "webp",
    "image/x-icon": "ico",
    "video/mp4": "mp4 m4v",
    "video/mpeg": "mpeg mpg",
    "video/ogg": "ogv",
    "video/quicktime": "mov",
    "video/webm": "webm",
}
# Names that are code, secrets or left-overs, wherever they lie. `x.php/anything` and `x.php.jpg` count as code.
NEVER_SERVED = (
    r"(?:/\.|~$|\.(?:php[0-9]?|phtml|phar|phps|pht)(?:[./]|$)|\.(?:inc|cgi|pl|py|sh|bak|old|orig|save|swp|swo|dist|wpress"
    r"|log|ini|conf|env|ya?ml|lock|sqlite3?|db|pem|key|sql(?:\.[a-z0-9]+)?)$)"
)

STRICT = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "manifest-src": ["'self'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
}
GOOGLE_SCRIPT = "https://apis.google.com"
FIREBASE_APIS = ("https://identitytoolkit.googleapis.com", "https://securetoken.googleapis.com")


class NginxTemplate(Template):
    """`%{name}`, because `$` is nginx's own."""

    delimiter = "%"


@dataclass(frozen=True)
class Edge:
    """What the edge's configuration depends on. `php_core` is the core's path as PHP sees it.

    `firebase_pages` is the host with Firebase's sign-in pages, `firebase_emulator` a test's host:port; empty: none.
    """

    data_dir: Path
    port: int
    frontend: Path
    platform_names: tuple[str, ...] = ("localhost", "127.0.0.1", "[::1]")
    addresses: tuple[str, ...] = ("127.0.0.1", "[::1]")
    php_core: Path = CORE
    firebase_pages: str = ""
    firebase_emulator: str = ""

    @property
    def state(self) -> Path:
        """nginx's own directory, which its user must own: pid, temporary files, and the configuration."""
        return self.data_dir / "nginx"

    @property
    def logs(self) -> Path:
        """Where its access log is, which the shipper reads."""
        return self.data_dir / "logs/nginx"

    @property
    def sites(self) -> Path:
        """One link per host name, to that environment's directory."""
        return self.data_dir / "edge/sites"


def write_edge_config(edge: Edge) -> Path:
    """`DATA/nginx/nginx.conf` and the directories it names; returns the file. Start nginx with `nginx_command(edge)`."""
    for directory in (edge.state / "tmp", edge.logs, edge.sites):
        directory.mkdir(mode=0o755, parents=True, exist_ok=True)
    config = edge.state / "nginx.conf"
    config.write_text(nginx_config(edge))
    return config


def nginx_command(edge: Edge) -> list[str]:
    """How nginx is started, in the foreground, as the user that owns `edge.state`."""
    return ["nginx", "-e", "stderr", "-p", str(edge.state), "-c", str(edge.state / "nginx.conf")]


def check_edge_config(edge: Edge) -> None:
    """nginx's own opinion. Raises CloudRefused with what it said."""
    run([*nginx_command(edge), "-t", "-q"], seconds=20)


def nginx_config(edge: Edge) -> str:
    """The configuration's text."""
    brotli = all((MODULES / name).exists() for name in BROTLI)
    listen = [f"{address}:{edge.port}" for address in edge.addresses]
    template = NginxTemplate((PLATFORM_FILES / "config/nginx.conf.template").read_text())
    return template.substitute(
        modules="\n".join(f"load_module {MODULES / name};" for name in BROTLI) if brotli else "",
        brotli=f"    brotli on;\n    brotli_comp_level 5;\n    brotli_types {TEXT_TYPES};" if brotli else "",
        brotli_static="        brotli_static on;" if brotli else "",
        text_types=TEXT_TYPES,
        types="".join(f"        {name} {endings};\n" for name, endings in TYPES.items()),
        state=edge.state,
        logs=edge.logs,
        sites=edge.sites,
        run=edge.data_dir / "run",
        frontend=edge.frontend,
        listen="\n".join(f"        listen {place};" for place in listen),
        listen_default="\n".join(f"        listen {place} default_server;" for place in listen),
        platform_names=" ".join(dict.fromkeys(edge.platform_names)),
        php_core=edge.php_core,
        csp=_policy(),
        **login_headers(edge),
        never_served=NEVER_SERVED,
        harmless_cookies="|".join(HARMLESS_COOKIES),
        query_without_marketing=QUERY_WITHOUT_MARKETING,
        unknown_site=_page("unknown-site"),
        unavailable=_page("unavailable"),
    )


def login_headers(edge: Edge) -> dict[str, str]:
    """What the sign-in document may do beyond the app: with Firebase, load Google's script and talk to its hosts.

    The hosts are those Firebase's JavaScript SDK names: its API, its tokens, the loader of its frame, the frame.
    """
    if not edge.firebase_pages:
        return {"login_csp": _policy(), "login_opener": "same-origin"}
    pages, apis = [f"https://{edge.firebase_pages}"], list(FIREBASE_APIS)
    if edge.firebase_emulator:
        pages = apis = [f"http://{edge.firebase_emulator}"]
    policy = _policy({"script-src": [GOOGLE_SCRIPT], "connect-src": apis, "frame-src": pages})
    # A pop-up has to find the page that opened it.
    return {"login_csp": policy, "login_opener": "same-origin-allow-popups"}


def _policy(more: Mapping[str, list[str]] = MappingProxyType({})) -> str:
    """The app's content security policy, with more sources where they are needed."""
    sources = {**STRICT, **{name: [*STRICT.get(name, []), *hosts] for name, hosts in more.items()}}
    return "; ".join(" ".join([name, *hosts]) for name, hosts in sources.items())


def _page(name: str) -> str:
    """A page as one single-quoted word of nginx's language, which knows `$` and `'`."""
    text = (PLATFORM_FILES / f"config/pages/{name}.html").read_text()
    return re.sub(r"\s*\n\s*", "", text).replace("$", "&#36;").replace("'", "&#39;")
