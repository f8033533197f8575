"""WordPress from the distribution: its packages, fetched by apt in a private corner of its own, signatures checked, nothing
installed. A newer suite than the machine's is asked first, at the mirrors the machine already uses.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from aipress.clouds.local.command import run
from aipress.errors import CloudError, CloudRefused

APT_SETTINGS = Path("/etc/apt")
NEWER_SUITES = {"debian": ("unstable", "testing", "stable"), "ubuntu": ("devel",)}
COMPONENTS = {"debian": "main", "ubuntu": "main universe"}
PARTS_OF_WORDPRESS = re.compile(r"(?:libjs-|libphp-|wordpress-theme-)[a-z0-9.+-]+|php-getid3")
MAY_WEAKEN_SIGNATURES = {"trusted", "allow-insecure", "allow-weak", "allow-downgrade-to-insecure"}

Source = dict[str, str]


def unpack_wordpress(
    wanted: str, corner: Path, tell: Callable[[str], None], apt_settings: Path = APT_SETTINGS
) -> Path:
    """An unpacked prefix (it has `usr/share/wordpress`) of `wanted`, else of its series, else of the machine's own suite.

    `corner` is an empty directory this may fill. Raises CloudRefused with what each suite answered.
    """
    answers: list[str] = []
    for apt, version in _in_order_of_fit(wanted, corner, machine_sources(apt_settings), answers):
        tell(f"Fetching WordPress {version} from the distribution ({apt.suite})")
        try:
            return apt.unpack(version)
        except CloudError as error:
            answers.append(f"{apt.suite}: {error}")
    raise CloudRefused(f"No suite of the distribution has WordPress {wanted}. " + "; ".join(answers))


@dataclass(frozen=True)
class PrivateApt:
    """apt with its own sources, lists and cache, so that the machine's stay as they are."""

    suite: str
    corner: Path
    sources: tuple[Source, ...]

    def newest_wordpress(self) -> str:
        """The full version of the newest `wordpress` package of these sources."""
        for part in ("state/lists/partial", "cache/archives/partial", "sources"):
            (self.corner / part).mkdir(parents=True, exist_ok=True)
        (self.corner / "sources/wordpress.sources").write_text("\n".join(map(stanza, self.sources)))
        self._apt("apt-get", "update", seconds=120)
        rows = self._apt("apt-cache", "madison", "wordpress").splitlines()
        if not rows:
            raise CloudRefused("it has no wordpress package")
        return rows[0].split("|")[1].strip()

    def unpack(self, version: str) -> Path:
        """Fetch `wordpress` of this version and the packages whose files it links to, and unpack them into one prefix."""
        record = self._apt("apt-cache", "show", f"wordpress={version}")
        needed = re.findall(r"^(?:Depends|Recommends): (.*)$", record, re.MULTILINE)
        parts = sorted(
            {
                name
                for line in needed
                for name in re.split(r"[ ,|()]+", line)
                if PARTS_OF_WORDPRESS.fullmatch(name)
            }
        )
        packages, prefix = self.corner / "packages", self.corner / "prefix"
        for directory in (packages, prefix):
            directory.mkdir()
        self._apt("apt-get", "download", f"wordpress={version}", *parts, seconds=300, cwd=packages)
        for package in sorted(packages.glob("*.deb")):
            run(["dpkg", "-x", package, prefix], seconds=60)
        return prefix

    def _apt(self, *command: str, seconds: float = 60, cwd: Path | None = None) -> str:
        options = {
            "Dir::State": self.corner / "state",
            "Dir::State::status": "/dev/null",
            "Dir::Cache": self.corner / "cache",
            "Dir::Etc::sourcelist": "/dev/null",
            "Dir::Etc::sourceparts": self.corner / "sources",
            "Dir::Etc::preferences": "/dev/null",
            "Dir::Etc::preferencesparts": "/dev/null",
            "Acquire::Languages": "none",
            "Acquire::Retries": "2",
            "Acquire::AllowInsecureRepositories": "false",
            "APT::Get::AllowUnauthenticated": "false",
            "APT::Update::Error-Mode": "any",
        }
        flags = [part for name, value in options.items() for part in ("-o", f"{name}={value}")]
        return run([command[0], *flags, *command[1:]], seconds=seconds, cwd=cwd)


def machine_sources(root: Path = APT_SETTINGS) -> list[Source]:
    """The machine's apt sources for binary packages, from both formats, as deb822 fields.

    Whatever would let an unsigned repository through is dropped (deb822: sources.list(5)).
    """
    found: list[Source] = []
    for path in sorted(root.glob("sources.list.d/*.sources")):
        found += _read_deb822(path.read_text())
    for path in [root / "sources.list", *sorted(root.glob("sources.list.d/*.list"))]:
        found += _read_one_line(path.read_text()) if path.is_file() else []
    return [_trustworthy(source) for source in found if _is_in_use(source)]


def newer_suites(sources: list[Source], machine: dict[str, str]) -> dict[str, list[Source]]:
    """The same mirrors, asked for newer suites: suite → sources. `machine` is os-release's ID and VERSION_CODENAME."""
    distribution, codename = machine.get("ID", ""), machine.get("VERSION_CODENAME", "")
    names = {codename, "stable", "oldstable", "testing"}
    mirrors = [source for source in sources if names & set(source["Suites"].split())]
    return {
        suite: [{**source, "Suites": suite, "Components": COMPONENTS[distribution]} for source in mirrors]
        for suite in NEWER_SUITES.get(distribution, ())
        if mirrors
    }


def stanza(source: Source) -> str:
    """The source as apt reads it (deb822)."""
    return "".join(f"{name}: {value}\n" for name, value in source.items())


def upstream(version: str) -> str:
    """`7.1.4` of Debian's `1:7.1.4+dfsg1-1`."""
    return re.sub(r"^\d+:", "", version).split("+")[0].split("-")[0]


def _in_order_of_fit(
    wanted: str, corner: Path, sources: list[Source], answers: list[str]
) -> Iterator[tuple[PrivateApt, str]]:
    """The exact version as soon as a suite has it; the same series once all were asked; the machine's own suite last."""
    same_series = []
    for suite, there in newer_suites(sources, _os_release()).items():
        if (found := _ask(PrivateApt(suite, corner / suite, tuple(there)), answers)) is None:
            continue
        if upstream(found[1]) == wanted:
            yield found
        elif _series(upstream(found[1])) == _series(wanted):
            same_series.append(found)
        else:
            answers.append(f"{suite}: it has {found[1]}")
    yield from same_series
    if own := _ask(PrivateApt("the machine's own suite", corner / "own", tuple(sources)), answers):
        yield own


def _ask(apt: PrivateApt, answers: list[str]) -> tuple[PrivateApt, str] | None:
    try:
        return apt, apt.newest_wordpress()
    except CloudError as error:
        answers.append(f"{apt.suite}: {error}")
        return None


def _series(version: str) -> list[str]:
    return version.split(".")[:2]


def _os_release(path: Path = Path("/etc/os-release")) -> dict[str, str]:
    lines = (line.partition("=") for line in path.read_text().splitlines() if "=" in line)
    return {name: value.strip("\"'") for name, _, value in lines}


def _read_deb822(text: str) -> list[Source]:
    stanzas: list[Source] = []
    for block in re.split(r"\n\s*\n", text):
        stanza, field = Source(), ""
        for line in block.splitlines():
            if line.startswith("#") or not line.strip():
                continue
            if line[0].isspace():
                stanza[field] += f"\n{line}"
            else:
                field, _, value = line.partition(":")
                field = field.strip().title().replace("Uris", "URIs")
                stanza[field] = value.strip()
        stanzas.append(stanza)
    return stanzas


def _read_one_line(text: str) -> list[Source]:
    shape = re.compile(
        r"^\s*deb\s+(?:\[(?P<options>[^\]]*)\]\s+)?(?P<uri>\S+)\s+(?P<suite>\S+)\s*(?P<components>[^#\n]*)",
        re.MULTILINE,
    )
    return [
        {
            **{
                name.strip().title(): value.replace(",", " ")
                for name, _, value in _options(line["options"] or "")
            },
            "Types": "deb",
            "URIs": line["uri"],
            "Suites": line["suite"],
            "Components": line["components"].strip(),
        }
        for line in shape.finditer(text)
    ]


def _options(text: str) -> Iterator[tuple[str, str, str]]:
    names = {"arch": "Architectures", "lang": "Languages"}
    for option in text.split():
        name, sign, value = option.partition("=")
        yield names.get(name, name), sign, value


def _is_in_use(source: Source) -> bool:
    enabled = source.get("Enabled", "yes").lower() not in {"no", "false"}
    return (
        enabled
        and "deb" in source.get("Types", "").split()
        and bool(source.get("Suites"))
        and bool(source.get("URIs"))
    )


def _trustworthy(source: Source) -> Source:
    kept = {name: value for name, value in source.items() if name.lower() not in MAY_WEAKEN_SIGNATURES}
    return {**kept, "Types": "deb"}
