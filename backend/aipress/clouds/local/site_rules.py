"""What nginx says and refuses wherever a WordPress runs: the parts that the edge and the container image have in common.

They are texts of `wordpress/config`; here is what they are filled in with.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from string import Template

from aipress.clouds.local.content import PLATFORM_FILES

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


class NginxTemplate(Template):
    """`%{name}`, because `$` is nginx's own."""

    delimiter = "%"


@dataclass(frozen=True)
class Visitor:
    """Where nginx reads who asks, and how: its own variables, or ours where a proxy stands before it."""

    address: str = "$remote_addr"
    address_for_limits: str = "$binary_remote_addr"
    scheme: str = "$scheme"
    https: str = "$https"
    port: str = "$server_port"


@dataclass(frozen=True)
class Files:
    """Where a site's files are, as nginx sees them; `fpm` is its PHP, and `php_core` the core as PHP sees it.

    `absent_upload`: what is said of an upload that is not there.
    """

    core: str
    content: str
    fpm: str
    php_core: Path
    absent_upload: str = "=404"


def http_rules(visitor: Visitor, *, brotli: bool = False, more_of_a_line: str = "") -> str:
    """For the `http` block: types, limits, compression, and the access log's line."""
    squeezed = f"    brotli on;\n    brotli_comp_level 5;\n    brotli_types {TEXT_TYPES};"
    return render(
        "config/nginx-http.conf.template",
        address=visitor.address,
        address_for_limits=visitor.address_for_limits,
        brotli=squeezed if brotli else "",
        more_of_a_line=more_of_a_line,
        text_types=TEXT_TYPES,
        types="".join(f"        {name} {endings};\n" for name, endings in TYPES.items()),
    )


def site_rules(visitor: Visitor, files: Files) -> str:
    """For the `server` block of a site: which files are served, and which scripts run. It does not say what `/` is."""
    return render(
        "config/nginx-site.conf.template",
        address=visitor.address,
        scheme=visitor.scheme,
        https=visitor.https,
        server_port=visitor.port,
        core=files.core,
        content=files.content,
        fpm=files.fpm,
        php_core=files.php_core,
        absent_upload=files.absent_upload,
        never_served=NEVER_SERVED,
        unavailable=page("unavailable"),
    )


def render(name: str, **words: str | Path) -> str:
    """A text of `wordpress/`, filled in."""
    return NginxTemplate((PLATFORM_FILES / name).read_text()).substitute(words)


def page(name: str) -> str:
    """A page as one single-quoted word of nginx's language, which knows `$` and `'`."""
    text = (PLATFORM_FILES / f"config/pages/{name}.html").read_text()
    return re.sub(r"\s*\n\s*", "", text).replace("$", "&#36;").replace("'", "&#39;")
