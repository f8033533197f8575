"""The folder the image is built in: every file that does not depend on a processor, made from what the local cloud uses too."""

import shutil
from pathlib import Path

from aipress.clouds.local.content import PLATFORM_FILES, ensure_content
from aipress.clouds.local.php import COMPILE, CORE, EXTENSIONS, SENDMAIL, FpmSizes, extensions_ini, fpm_text
from aipress.clouds.local.site_rules import Files, Visitor, http_rules, page, render, site_rules

RECIPE = PLATFORM_FILES / "image"
DATABASE = "db.php"
"""Where WordPress looks for what reads from replicas; its code lies with the core, compiled and out of a site's reach."""

CONTENT = Path("/srv/content")
RUN = Path("/tmp/aipress")  # noqa: S108  (the container's own, and all of it that can be written)
SOCKET = RUN / "fpm.sock"
HEALTH, CRON = "/.aipress/health", "/.aipress/cron"
COPIED = ("Dockerfile", "entrypoint.sh", "listening.pl", "log.awk", "compile.sh", "ask.php", "slim.sh")
# Google's proxies are the ones who connect: nginx.conf.template says what they tell.
VISITOR = Visitor(
    "$visitor_address", "$visitor_address", "$visitor_scheme", "$visitor_https", "$visitor_port"
)


def write_context(place: Path, core: Path) -> Path:
    """Fill the empty folder `place` with the core at `core` and everything around it; returns it. Run it as root."""
    shutil.copytree(core, place / "wordpress", symlinks=True)
    shutil.copy(PLATFORM_FILES / "drop-ins" / DATABASE, place / "wordpress/wp-content" / DATABASE)
    ensure_content(place / "content", core, CORE, (0, 0))
    # What is mounted here in memory has the rights of the folder it hides.
    (place / "content/uploads").chmod(0o1777)
    (place / "content" / DATABASE).symlink_to(CORE / "wp-content" / DATABASE)
    (place / "php/conf.d").mkdir(parents=True)
    texts = {
        "php/php.ini": (PLATFORM_FILES / "config/php.ini").read_text(),
        "php/conf.d/extensions.ini": extensions_ini(set(EXTENSIONS)),
        f"php/{SENDMAIL}": (PLATFORM_FILES / "config" / SENDMAIL).read_text(),
        "nginx.conf": nginx_config(),
        "fpm.conf": fpm_config(),
        "compile.php": f"<?php\nset_time_limit(0);\n$argv = [__FILE__, '{CORE}'];\necho 'compiled';\n{COMPILE}",
        **{name: (RECIPE / name).read_text() for name in COPIED},
    }
    for name, text in texts.items():
        (place / name).write_text(text)
        (place / name).chmod((RECIPE / name).stat().st_mode & 0o777 if name in COPIED else 0o644)
    return place


def nginx_config() -> str:
    """nginx's configuration, but for what the start writes beside it."""
    files = Files(str(CORE), str(CONTENT), f"unix:{SOCKET}", CORE, absent_upload="@media")
    return render(
        "image/nginx.conf.template",
        http=http_rules(VISITOR, more_of_a_line=',"trace":"$trace"'),
        site_rules=site_rules(VISITOR, files),
        run=RUN,
        fpm=files.fpm,
        health=HEALTH,
        cron=CRON,
        unknown_site=page("unknown-site"),
    )


def fpm_config() -> str:
    """FPM's: how many workers and how much memory is read from its environment. A worker stays until its requests are up."""
    sizes = FpmSizes()
    return fpm_text(
        {
            "listen": SOCKET,
            "max_children": "${AIPRESS_PHP_CHILDREN}",
            "memory_mb": "${AIPRESS_PHP_MEMORY_MB}",
            "idle_seconds": 60,
            "max_requests": sizes.max_requests,
            "end_seconds": 1,
        }
    )
