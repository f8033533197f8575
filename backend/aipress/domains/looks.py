"""Records that are expected, held against those that the DNS has: what each of them is, and in a sentence what is wrong with it."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from aipress.clouds.domains import Record
from aipress.kit.resolving import Answer, Names

Found = Literal["right", "missing", "wrong", "unknown"]
ADDRESSES = ("A", "AAAA")


@dataclass(frozen=True)
class Look:
    """A record, and what was found in its place."""

    name: str
    kind: str
    value: str
    state: Found = "unknown"
    found: tuple[str, ...] = ()
    why: str = ""

    @classmethod
    def stored(cls, row: dict[str, Any]) -> "Look":
        return cls(**{**row, "found": tuple(row["found"])})

    def to_store(self) -> dict[str, Any]:
        return {**asdict(self), "found": list(self.found)}


@dataclass(frozen=True)
class Led:
    """Where a domain leads: the names it is another name for, its addresses, and what was the trouble with asking for those."""

    aliases: tuple[str, ...]
    addresses: tuple[str, ...]
    answers: tuple[Answer, ...]


async def look_for_proof(names: Names, proof: Record) -> Look:
    """Whether the proof stands at its own name: a name that is another's proves what that other one wants."""
    answer = await names.ask(proof.name, proof.kind)
    if answer.aliases:
        why = f"{proof.name} is another name for {answer.aliases[0]}. Set the TXT record at {proof.name} itself."
        return _look(proof, "wrong", answer.values, why)
    return _compared(proof, answer)


async def look_at(names: Names, domain: str, records: Sequence[Record]) -> list[Look]:
    """Each record as it is now; those at the domain itself are looked at together, as visitors' browsers do."""
    leading = [one for one in records if one.name == domain]
    beside = [one for one in records if one.name != domain]
    answers = await asyncio.gather(*(names.ask(one.name, one.kind) for one in beside))
    compared = [_compared(one, answer) for one, answer in zip(beside, answers, strict=True)]
    return [*await _look_at_leading(names, domain, leading), *compared]


def leads_here(domain: str, looks: Iterable[Look]) -> bool:
    """Whether visitors of the domain come here, all of them."""
    return any(look.state == "right" for look in looks if look.name == domain)


async def _look_at_leading(names: Names, domain: str, leading: Sequence[Record]) -> list[Look]:
    led = await _where(names, domain)
    targets = [one.value for one in leading if one.kind == "CNAME"]
    there = {address for target in targets for address in (await _where(names, target)).addresses}
    here = {one.value for one in leading if one.kind in ADDRESSES} | there
    return [_led(one, led, here) for one in leading]


async def _where(names: Names, name: str) -> Led:
    answers = await asyncio.gather(*(names.ask(name, kind) for kind in ADDRESSES))
    addresses = tuple(value for answer in answers for value in answer.values)
    aliases = max((answer.aliases for answer in answers), key=len)
    return Led(aliases, addresses, tuple(answers))


def _led(wanted: Record, led: Led, here: set[str]) -> Look:
    """What visitors find who ask for the domain: one of its addresses, whichever comes first."""
    elsewhere = [one for one in led.addresses if one not in here]
    if wanted.kind == "CNAME" and wanted.value in led.aliases:
        return _look(wanted, "right", led.aliases)
    if led.addresses and elsewhere:
        return _look(
            wanted, "wrong", led.addresses, _astray(elsewhere, some=len(elsewhere) < len(led.addresses))
        )
    if led.addresses and (wanted.kind == "CNAME" or wanted.value in led.addresses):
        return _look(wanted, "right", led.addresses)
    if led.aliases:
        why = f"The domain is another name for {led.aliases[-1]}, which doesn't lead here."
        return _look(wanted, "wrong", led.aliases, why)
    answer = led.answers[wanted.kind == "AAAA"]
    return _absent(wanted, answer)


def _astray(elsewhere: Sequence[str], *, some: bool) -> str:
    where = ", ".join(elsewhere[:3])
    if some:
        return f"The domain also leads to {where}, so some visitors don't come here. Remove that record."
    return f"The domain leads to {where} instead."


def _compared(wanted: Record, answer: Answer) -> Look:
    """A record that stands for itself."""
    if wanted.value in answer.values:
        return _look(wanted, "right", answer.values)
    if answer.values:
        return _look(wanted, "wrong", answer.values, f"{wanted.name} has another {wanted.kind} record.")
    return _absent(wanted, answer)


def _absent(wanted: Record, answer: Answer) -> Look:
    known = answer.trouble in ("no_name", "no_record", "")
    why = WHY[answer.trouble or "no_record"].format(name=wanted.name, kind=wanted.kind)
    return _look(wanted, "missing" if known else "unknown", (), why)


def _look(of: Record, state: Found, found: Sequence[str] = (), why: str = "") -> Look:
    return Look(of.name, of.kind, of.value, state, tuple(found), why)


WHY = {
    "no_name": "There is no {name} in the DNS.",
    "no_record": "{name} has no {kind} record.",
    "silence": "The name servers of {name} did not answer in time, so nobody knows what it has.",
    "failure": "The name servers of {name} fail or refuse, so nobody knows what it has.",
}
