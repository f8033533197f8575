"""`aipress chat`: the assistant in the terminal. What it shows as cards in the app is followed, asked or printed here."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import cast
from urllib.parse import quote

from pydantic import JsonValue

from aipress.cli import answers, say
from aipress.cli.assistant import AnswerFailed, Assistant
from aipress.cli.client import Api
from aipress.cli.installation import Installation
from aipress.cli.say import Document
from aipress.cli.trouble import Trouble
from aipress.cli.watching import finish

GREETING = 'Say what you want, such as "create a site called Sunrise Bakery". Ctrl-D leaves.'
PROMPT = "you"


@dataclass
class Answer:
    """One answer: its words, and its cards as (kind, what is on it)."""

    words: str = ""
    cards: list[tuple[str, Document]] = field(default_factory=list)


def say_once(place: Installation, text: str, as_json: bool) -> None:
    """One sentence, one answer, and everything that came of it. Raises Trouble when it did not work."""
    assistant, api = Assistant(place), Api(place)
    answer = listen(assistant, text, quiet=as_json)
    outcomes = [_look_after(api, kind, card, quiet=as_json) for kind, card in answer.cards]
    if as_json:
        cards: list[JsonValue] = [
            {"kind": kind, **card, **({"outcome": outcome} if outcome else {})}
            for (kind, card), outcome in zip(answer.cards, outcomes, strict=True)
        ]
        say.document(
            {"conversation_id": assistant.conversation_id, "text": answer.words.strip(), "cards": cards}
        )


def talk(place: Installation) -> None:
    """A conversation, until the person leaves. What does not work is said, and the conversation goes on."""
    assistant, api = Assistant(place), Api(place)
    say.note(GREETING)
    while True:
        try:
            text = say.ask(PROMPT)
        except (EOFError, KeyboardInterrupt):
            say.line()
            return
        if not text:
            continue
        try:
            for kind, card in listen(assistant, text, quiet=False).cards:
                _look_after(api, kind, card, quiet=False)
        except Trouble as trouble:
            say.trouble(trouble)


def listen(assistant: Assistant, text: str, quiet: bool) -> Answer:
    """The answer, its words printed unless `quiet`. Where the language model failed, a person may have it without one."""
    try:
        return _heard(assistant.say(text), quiet)
    except AnswerFailed as failed:
        question = f"{failed.what} Answer without it?"
        if quiet or not failed.offline or not say.agrees(question):
            raise
        return _heard(assistant.answer_offline(), quiet)


def _heard(chunks: Iterator[Document], quiet: bool) -> Answer:
    answer = Answer()
    for chunk in chunks:
        kind = str(chunk["type"])
        if kind == "text-start" and answer.words:
            answer.words += "\n\n"
        elif kind == "text-delta":
            answer.words += str(chunk["delta"])
        elif kind.startswith("data-"):
            answer.cards.append((kind.removeprefix("data-"), cast(Document, chunk["data"])))
    if answer.words and not quiet:
        say.line(answer.words)
    return answer


def _look_after(api: Api, kind: str, card: Document, quiet: bool) -> Document | None:
    """Do for one card what a person would do with it in the app; what came of it."""
    doing = CARDS.get(kind)
    return doing(api, card, quiet) if doing else None


def _watch(api: Api, card: Document, quiet: bool) -> Document:
    done = finish(api, api.get(f"/operations/{card['operation_id']}"), quiet)
    if not quiet:
        for said in receipt(done):
            say.line(said)
    return done


def receipt(done: Document) -> list[str]:
    """What came of an operation, a line each: the address, or the new name; and how to take it back."""
    result = cast(Document, done.get("result") or {})
    undo = cast(Document, done.get("undo") or {})
    said = [str(result["url"])] if result.get("url") else []
    if done["kind"] == "rename":
        said.append(f"  ✓ “{result['was']}” is called “{result['name']}” now")
    if undo:
        until = datetime.fromisoformat(str(undo["until"])).astimezone()
        said.append(f"  Undo until {until:%H:%M}: say “undo that”. ({undo['label']})")
    return said


def price(plan: Document) -> str:
    """What the site costs a month before and after, where that differs."""
    before, after = cast(Document, plan["price_before"]), cast(Document, plan["price_after"])
    if before == after:
        return ""
    return f"  A month: {Decimal(str(before['amount'])):.2f} → {Decimal(str(after['amount'])):.2f} {after['currency']}"


def _open(api: Api, card: Document, quiet: bool) -> Document:
    link = api.post(f"/tenants/{quote(str(card['tenant']), safe='')}/login-links")
    if not quiet:
        say.line(str(link["url"]))
    return link


def _decide(api: Api, card: Document, quiet: bool) -> Document | None:
    """Show the plan; on a terminal, let the person confirm it by typing what it asks for."""
    plan = api.get(f"/plans/{card['plan_id']}")
    if quiet:
        return plan
    say.line()
    say.line(str(plan["title"]))
    for touched in cast(list[str], plan["touches"]):
        say.line(f"  - {touched}")
    if told := price(plan):
        say.line(told)
    say.line(f"  Undo: {plan['undo'] or 'not possible'}")
    wanted = str(plan["typed_name"] or "yes")
    try:
        typed = say.ask(f"Type {wanted} to confirm, anything else leaves it")
    except Trouble:
        say.line("Confirm it in the app, or on a terminal.")
        return plan
    if typed != wanted:
        say.line("Nothing was done.")
        return plan
    body: Document = {"hash": plan["hash"]}
    if plan["typed_name"]:
        body["typed_name"] = typed
    done = finish(api, api.post(f"/plans/{plan['id']}/confirmation", body), quiet)
    say.line("Done.")
    return done


def _offer(_: Api, card: Document, quiet: bool) -> None:
    if not quiet:
        for option in cast(list[Document], card["options"]):
            say.line(f"  - {option['label']}")


CARDS: dict[str, Callable[[Api, Document, bool], Document | None]] = {
    "operation": _watch,
    "admin": _open,
    "plan": _decide,
    "choices": _offer,
    "table": answers.show_table,
    "chart": answers.show_chart,
    "link": answers.show_link,
    "lines": answers.show_lines,
}
