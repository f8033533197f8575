"""nginx's configuration, rendered once at `up`: it names no site, so it changes with the platform's settings only."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from aipress.clouds.local.command import run
from aipress.clouds.local.page_cache import HARMLESS_COOKIES, QUERY_WITHOUT_MARKETING
from aipress.clouds.local.php import CORE
from aipress.clouds.local.site_rules import Files, Visitor, http_rules, page, render, site_rules

MODULES = Path("/usr/lib/nginx/modules")
BROTLI = ("ngx_http_brotli_filter_module.so", "ngx_http_brotli_static_module.so")
# Whoever connects is the visitor: nothing stands before the edge.
VISITOR = Visitor()

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


@dataclass(frozen=True)
class Edge:
    """What the edge's configuration depends on. `php_core` is the core's path as PHP sees it.

    `firebase_pages` is the host with Firebase's sign-in pages, `firebase_emulator` a test's host:port; `elsewhere` the host:port that
    every host is passed on to that is neither the platform's nor a site's on this machine; empty: none.
    """

    data_dir: Path
    port: int
    frontend: Path
    platform_names: tuple[str, ...] = ("localhost", "127.0.0.1", "[::1]")
    addresses: tuple[str, ...] = ("127.0.0.1", "[::1]")
    php_core: Path = CORE
    firebase_pages: str = ""
    firebase_emulator: str = ""
    elsewhere: str = ""

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
    return render(
        "config/nginx.conf.template",
        http=http_rules(VISITOR, brotli=brotli),
        site_rules=site_rules(VISITOR, _files(edge)),
        modules="\n".join(f"load_module {MODULES / name};" for name in BROTLI) if brotli else "",
        brotli_static="        brotli_static on;" if brotli else "",
        state=edge.state,
        logs=edge.logs,
        sites=edge.sites,
        run=edge.data_dir / "run",
        frontend=edge.frontend,
        listen="\n".join(f"        listen {place};" for place in listen),
        listen_default="\n".join(f"        listen {place} default_server;" for place in listen),
        platform_names=" ".join(dict.fromkeys(edge.platform_names)),
        csp=_policy(),
        **login_headers(edge),
        harmless_cookies="|".join(HARMLESS_COOKIES),
        query_without_marketing=QUERY_WITHOUT_MARKETING,
        unknown_site=page("unknown-site"),
        elsewhere=f"    upstream elsewhere {{ server {edge.elsewhere}; keepalive 16; }}"
        if edge.elsewhere
        else "",
        not_here=_not_here(edge),
    )


def _not_here(edge: Edge) -> str:
    """What becomes of a host without a link."""
    if edge.elsewhere:
        return render("config/nginx-elsewhere.conf.template")
    return f"            return 404 '{page('unknown-site')}';"


def _files(edge: Edge) -> Files:
    """A site's own, found by the host name that was asked for. Its socket's path is short: nginx stands in `sites`."""
    site = edge.sites / "$site"
    return Files(
        core=f"{site}/core",
        content=f"{site}/content",
        fpm="unix:$site/run/real.sock",
        php_core=edge.php_core,
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
