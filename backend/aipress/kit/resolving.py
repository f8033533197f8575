"""Asking the DNS: what a name has of one kind of record, by a deadline, and why there is nothing."""

from dataclasses import dataclass
from typing import Literal

from dns import exception, rdatatype, resolver
from dns.asyncresolver import Resolver
from dns.rdata import Rdata
from dns.rdtypes.txtbase import TXTBase

Trouble = Literal["", "no_name", "no_record", "silence", "failure"]
MOST_VALUES, LONGEST_VALUE = 20, 300


@dataclass(frozen=True)
class Answer:
    """What a name has. `aliases` are the names it is another name for, in order; `trouble` says why there are no values.

    Host names are lower case, without a dot at their end. Of text, what can't be printed is a question mark.
    """

    values: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    trouble: Trouble = ""


class Names:
    """A name server, said as address:port, or the machine's own; it has `seconds` for each answer."""

    def __init__(self, name_server: str = "", seconds: float = 3.0) -> None:
        self.name_server, self.seconds = name_server, seconds

    async def ask(self, name: str, kind: str) -> Answer:
        """The records of this kind. Follows CNAMEs, unless they are what is asked for. Raises nothing."""
        try:
            found = await self._resolver().resolve(name, kind, search=False, raise_on_no_answer=False)
        except resolver.NXDOMAIN as error:
            return Answer(aliases=_aliases(error), trouble="no_name")
        except exception.Timeout:
            return Answer(trouble="silence")
        except (exception.DNSException, OSError):
            return Answer(trouble="failure")
        aliases = tuple(_host(one.target) for each in found.chaining_result.cnames for one in each)
        if found.rrset is None:
            return Answer(aliases=aliases, trouble="no_record")
        return Answer(tuple(sorted(map(_text, found.rrset)))[:MOST_VALUES], aliases)

    def _resolver(self) -> Resolver:
        asking = Resolver(configure=not self.name_server)
        if self.name_server:
            address, _, port = self.name_server.rpartition(":")
            asking.nameservers, asking.port = [address], int(port)
        asking.lifetime, asking.timeout = self.seconds, self.seconds / 2
        return asking


def _aliases(error: resolver.NXDOMAIN) -> tuple[str, ...]:
    """What led to the name that isn't there."""
    canonical = _host(error.canonical_name)
    return () if canonical in {_host(name) for name in error.kwargs["qnames"]} else (canonical,)


def _text(found: Rdata) -> str:
    if isinstance(found, TXTBase):
        value = b"".join(found.strings).decode("utf-8", "replace")
    elif found.rdtype == rdatatype.CNAME:
        value = _host(found.target)  # type: ignore[attr-defined]
    else:
        value = found.to_text()
    return "".join(one if one.isprintable() else "?" for one in value)[:LONGEST_VALUE]


def _host(name: object) -> str:
    return str(name).lower().rstrip(".")
