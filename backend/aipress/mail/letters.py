"""One message as a site handed it over, held against what may be sent. What is not to be sent is refused with a reason people read."""

import re
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import getaddresses

LARGEST_MB = 10
MOST_RECIPIENTS = 50
LONGEST_SUBJECT = 200
LONGEST_LINE = 998  # RFC 5322
ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")
FIELD = re.compile(rb"[!-9;-~]+:")
# What RFC 5322 allows once: a second one is how fields are smuggled in.
ONCE = ("from", "sender", "reply-to", "to", "cc", "bcc", "message-id", "subject", "date", "return-path")


class Unsendable(Exception):
    """The message is not to be sent; says why."""


@dataclass(frozen=True)
class Letter:
    """A message that may be sent: `content` with the line ends of mail, and who gets it."""

    sender: str
    recipients: tuple[str, ...]
    subject: str
    content: bytes


def read(content: bytes | None, own_address: str) -> Letter:
    """The letter in a message. `own_address` is the platform's: nobody writes in its name. Raises Unsendable."""
    if content is None:
        raise Unsendable(f"It is larger than {LARGEST_MB} MB.")
    lined = _lined(content)
    _check_fields(lined.partition(b"\r\n\r\n")[0])
    try:
        message = parsed(lined)
        sender, recipients = _sender(message, own_address), _recipients(message)
        subject = " ".join(str(message.get("Subject", "")).split())[:LONGEST_SUBJECT]
    except Unsendable:
        raise
    except Exception as error:
        raise Unsendable("Its fields are not as mail has them.") from error
    return Letter(sender, recipients, subject, lined)


def to_send(letter: Letter, message_id: str) -> bytes:
    """The letter as a mail server gets it: hidden recipients are in no field, and it has a name by which it is known twice."""
    head, gap, body = letter.content.partition(b"\r\n\r\n")
    fields = re.split(rb"\r\n(?![ \t])", head)
    names = [field.partition(b":")[0].lower() for field in fields]
    kept = [field for field, name in zip(fields, names, strict=True) if name not in (b"bcc", b"return-path")]
    if b"message-id" not in names:
        kept.append(f"Message-ID: <{message_id}>".encode())
    return b"\r\n".join(kept) + (gap or b"\r\n\r\n") + body


def glimpse(content: bytes) -> tuple[tuple[str, ...], str]:
    """Whom a refused message was for, and about what, as far as that can be told."""
    found = {}
    for name in (b"to", b"subject"):
        shown = re.search(rb"(?im)^" + name + rb":[ \t]*([^\r\n]{0,200})", content[:100_000])
        found[name] = shown[1].decode("utf-8", "replace").strip() if shown else ""
    return (found[b"to"],) if found[b"to"] else (), found[b"subject"]


def parsed(content: bytes) -> EmailMessage:
    """A message as Python has them."""
    message = BytesParser(EmailMessage, policy=policy.SMTP).parsebytes(content)
    assert isinstance(message, EmailMessage)  # noqa: S101 - that is what was asked for
    return message


def _lined(content: bytes) -> bytes:
    """Every line ended as mail does it. PHP ends some by a line feed alone; a carriage return alone ends none."""
    lined = content.replace(b"\r\n", b"\n")
    if b"\r" in lined or b"\0" in lined:
        raise Unsendable("It has a control character where mail has none.")
    return lined.replace(b"\n", b"\r\n")


def _check_fields(head: bytes) -> None:
    names: list[str] = []
    for line in head.split(b"\r\n"):
        if len(line) > LONGEST_LINE:
            raise Unsendable("One of its fields is longer than a line of mail may be.")
        if line.startswith((b" ", b"\t")) and names:
            continue
        if not FIELD.match(line):
            raise Unsendable("It has a line among its fields that is none.")
        names.append(line.partition(b":")[0].decode().lower())
    for name in ONCE:
        if names.count(name) > 1:
            raise Unsendable(f"It has more than one field {name}; somebody may have smuggled one in.")


def _sender(message: EmailMessage, own_address: str) -> str:
    senders = _addresses(message, "From")
    if len(senders) != 1:
        raise Unsendable("It does not say from whom it is.")
    for name in ("From", "Sender", "Return-Path", "Reply-To"):
        if own_address.lower() in [one.lower() for one in _addresses(message, name)]:
            raise Unsendable(
                f"It is written in the name of {own_address}, which is the platform's own address."
            )
    return senders[0]


def _recipients(message: EmailMessage) -> tuple[str, ...]:
    found = [one for name in ("To", "Cc", "Bcc") for one in _addresses(message, name)]
    recipients = tuple(dict.fromkeys(found))
    if not recipients:
        raise Unsendable("It says nobody to send it to.")
    if len(recipients) > MOST_RECIPIENTS:
        raise Unsendable(f"It has {len(recipients)} recipients; at most {MOST_RECIPIENTS} get one message.")
    if wrong := [one for one in recipients if not ADDRESS.fullmatch(one)]:
        raise Unsendable(f"{wrong[0][:100]!r} is no address.")
    return recipients


def _addresses(message: EmailMessage, name: str) -> list[str]:
    """Addresses as strictly as mail has them; `undisclosed-recipients:;` is none."""
    said = [str(one) for one in message.get_all(name, [])]
    return [address for _, address in getaddresses(said) if address]
