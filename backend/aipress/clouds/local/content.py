"""What WordPress's files look like from an environment: its own wp-content, and the themes of the core it shares.

Apart from the rest of WordPress's installation because hostd, which stays small, needs only this.
"""

import os
import shutil
from pathlib import Path

PLATFORM_FILES = Path(__file__).parents[4] / "wordpress"
ROOMS = ("plugins", "themes", "uploads", "upgrade", "languages")

Owner = tuple[int, int]


def shipped_themes(core: Path) -> tuple[str, ...]:
    """The themes that come with this core."""
    return tuple(sorted(path.parent.name for path in core.glob("wp-content/themes/*/style.css")))


def ensure_content(content: Path, core: Path, php_sees: Path, owner: Owner) -> None:
    """An environment's own wp-content with its rooms and shipped themes, all belonging to `owner` (uid, gid).

    Themes are links to where PHP will find the core (`php_sees`). They belong to the tenant like the rest: nginx trusts a
    link whose owner owns the target, so a root-owned one, moved elsewhere by the tenant, would open any root-owned path.
    Appears whole or not at all; once it is there it is the tenant's, and root makes nothing in it any more.
    """
    if content.exists():
        return
    fresh = content.with_name(".content.fresh")
    shutil.rmtree(fresh, ignore_errors=True)
    for room in ROOMS:
        (fresh / room).mkdir(mode=0o755, parents=True)
    for theme in shipped_themes(core):
        (fresh / "themes" / theme).symlink_to(php_sees / "wp-content/themes" / theme)
    for path in (fresh, *fresh.rglob("*")):
        os.chown(path, *owner, follow_symlinks=False)
        if not path.is_symlink():
            path.chmod(0o755)  # whatever the caller's umask: nginx reads it
    fresh.rename(content)
