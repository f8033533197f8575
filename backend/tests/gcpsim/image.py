"""A small container image, made of this machine's own Python in seconds: no registry, no package."""

import secrets
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

SERVER = Path(__file__).with_name("answering.py")
LEFT_OUT = (
    *(
        "test",
        "idlelib",
        "tkinter",
        "ensurepip",
        "lib2to3",
        "pydoc_data",
        "site-packages",
        "dist-packages",
        "config-*",
    ),
    *(
        "lib-dynload",
        "turtledemo",
        "distutils",
        "unittest",
        "sqlite3",
        "asyncio",
        "multiprocessing",
        "xml",
        "curses",
        "ctypes",
    ),
)


def build(folder: Path) -> str:
    """Build it from a folder that is made for it; returns its name, which no other run of the tests has."""
    tag = f"localhost/gcpsim-answering:{secrets.token_hex(6)}"
    python = Path(sys.executable).resolve()
    library = Path(sysconfig.get_path("stdlib", vars={"base": sys.base_prefix}))
    for file in (python, *_libraries(python)):
        _placed(folder, file).write_bytes(file.read_bytes())
        _placed(folder, file).chmod(0o755)
    shutil.copytree(library, _placed(folder, library), ignore=shutil.ignore_patterns(*LEFT_OUT))
    shutil.copy(SERVER, folder / "answering.py")
    (folder / library.relative_to("/") / "lib-dynload").mkdir()
    work = _said("buildah", "from", "scratch")
    try:
        _said("buildah", "copy", work, str(folder), "/")
        _said(
            "buildah",
            "config",
            "--entrypoint",
            f'["{python}", "-S", "/answering.py"]',
            "--user",
            "33:33",
            work,
        )
        _said("buildah", "commit", "--quiet", work, tag)
    finally:
        _said("buildah", "rm", work)
    return tag


def remove(tag: str) -> None:
    """Forget it."""
    _said("buildah", "rmi", "--force", tag)


def _placed(folder: Path, file: Path) -> Path:
    place = folder / file.relative_to("/")
    place.parent.mkdir(parents=True, exist_ok=True)
    return place


def _libraries(program: Path) -> set[Path]:
    """The shared libraries a program is loaded with, by the names it asks for them."""
    words = _said("ldd", str(program)).split()
    return {Path(word) for word in words if word.startswith("/") and Path(word).exists()}


def _said(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
