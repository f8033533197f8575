"""What the assistant would do: one sentence explained, or a file of them scored. Nothing is done with any of them."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from aipress.chat.evaluation import Score, read_lines, score
from aipress.chat.understanding import Explained, Sentence, understanding
from aipress.cli import say
from aipress.cli.installation import Installation
from aipress.cli.trouble import NOT_RUNNING, Trouble
from aipress.config import Settings
from aipress.errors import Invalid

MOST_SHOWN = 40


@dataclass(frozen=True)
class Said:
    """A sentence as it was typed, with the options beside it."""

    text: str | None
    sites: str | None = None
    role: str | None = None
    thread: tuple[str, ...] = ()
    engine: str | None = None


def explain_once(place: Installation, said: Said, as_json: bool) -> None:
    """Print what would be done with a sentence. Raises Trouble when there is none, or when an option makes no sense."""
    if not (said.text or "").strip():
        raise Trouble("There is nothing to explain.", 'Say it behind: ./aipress chat --explain "is it up?"')
    if said.role not in (None, "tenant", "admin"):
        raise Trouble(f"There is no role “{said.role}”.", "--role is tenant or admin.")
    understand = understanding(_with_engine(place.settings, said.engine))
    (found,) = understand([_sentence(place, said)])
    if as_json:
        say.document(found)
    else:
        for one in (found, *found.get("then", ())):
            say.line(in_words(one))


def evaluate(place: Installation, file: Path, engine: str | None, as_json: bool) -> None:
    """Print how an engine did on a file. Raises Trouble when the file can't be read."""
    settings = _with_engine(place.settings, engine)
    try:
        lines = read_lines(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
        raise Trouble(f"{file} can't be read: {reason}.") from error
    except Invalid as error:
        raise Trouble(f"{file}: {error}") from error
    found = score(lines, understanding(settings))
    if as_json:
        say.document(_as_document(settings.engine, found))
    else:
        _show(settings.engine, found)


def in_words(found: Explained) -> str:
    """One wish, question or refusal as a line."""
    if "ask" in found:
        return f"ask {found['ask']}"
    if "action" not in found:
        return f"nothing understood: {found['failed']}" if "failed" in found else "decline"
    return " ".join([found["action"], *(f"{name}={value!r}" for name, value in found["arguments"].items())])


def _with_engine(settings: Settings, engine: str | None) -> Settings:
    return settings.model_copy(update={"engine": engine}) if engine else settings


def _sentence(place: Installation, said: Said) -> Sentence:
    text = cast(str, said.text)
    if said.sites is not None:
        slugs = tuple(slug.strip() for slug in said.sites.split(",") if slug.strip())
        return Sentence(text, slugs, said.role == "admin", said.thread)
    role, slugs = _own(place)
    return Sentence(text, slugs, (said.role or role) == "admin", said.thread)


def _own(place: Installation) -> tuple[str, tuple[str, ...]]:
    """The caller's role and sites as the platform knows them; without a platform there are none, and that is said."""
    from aipress.cli.client import Api

    try:
        api = Api(place)
        principal = cast(say.Document, api.get("/me")["principal"])
        return str(principal["role"]), tuple(str(site["slug"]) for site in api.every("/tenants"))
    except Trouble as trouble:
        if trouble.exit_code != NOT_RUNNING:
            raise
    say.note("No platform is running, so no sites are known. Name some with --sites.")
    return "tenant", ()


def _as_document(engine: str, found: Score) -> say.Document:
    return {
        "engine": engine,
        "total": found.total,
        "correct": found.correct,
        "score": round(found.share, 4),
        "misfires": dict(found.misfires),
        "wrong": list(found.wrong),
    }


def _show(engine: str, found: Score) -> None:
    say.line(f"{engine}: {found.correct} of {found.total} understood ({found.share:.1%})")
    if misfires := {action: count for action, count in found.misfires.items() if count}:
        say.line("Misfires: " + ", ".join(f"{action} {count}" for action, count in misfires.items()))
    for mistake in found.wrong[:MOST_SHOWN]:
        say.line(f"  {mistake['text']}")
        say.line(f"    expected {json.dumps(mistake['expect'])}, got {json.dumps(mistake['got'])}")
    if len(found.wrong) > MOST_SHOWN:
        say.line(f"  … and {len(found.wrong) - MOST_SHOWN} more; --json lists them all.")
