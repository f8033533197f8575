"""What may be sent, and what is refused with a reason: every field of a message is a stranger's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipress.mail import letters
from aipress.mail.letters import Unsendable

OWN = "aipress@example.com"
PLAIN = b"""To: ada@example.org
Subject: =?utf-8?Q?B=C3=BCcher?= for
 everyone
From: Bakery <wordpress@bakery.example.org>
Bcc: hidden@example.org
MIME-Version: 1.0
Content-Type: text/plain; charset=UTF-8

Hello.
.
"""


def test_a_message_as_wordpress_writes_it_is_a_letter() -> None:
    letter = letters.read(PLAIN, OWN)
    assert letter.sender == "wordpress@bakery.example.org"
    assert letter.recipients == ("ada@example.org", "hidden@example.org")
    assert letter.subject == "Bücher for everyone"
    assert letter.content.count(b"\r\n") == PLAIN.count(b"\n")


def test_a_mail_server_is_told_no_hidden_recipient_and_always_a_name() -> None:
    letter = letters.read(PLAIN.replace(b"Bcc:", b"Bcc: other@example.org,\n\t"), OWN)
    assert len(letter.recipients) == 3
    content = letters.to_send(letter, "one@example.com")
    assert b"hidden@" not in content
    assert b"other@" not in content
    assert content.count(b"\r\nMessage-ID: <one@example.com>\r\n") == 1
    assert content.endswith(b"\r\n\r\nHello.\r\n.\r\n")
    named = letters.read(PLAIN.replace(b"Subject", b"Message-ID: <mine@x>\nSubject"), OWN)
    assert letters.to_send(named, "one@example.com").lower().count(b"message-id") == 1


REFUSED = {
    "in our name": (PLAIN.replace(b"wordpress@bakery.example.org", b"AIPress@Example.com"), "own address"),
    "in our name, as who sends it": (b"Sender: aipress@example.com\n" + PLAIN, "own address"),
    "in our name, as who is answered": (b"Reply-To: Us <aipress@example.com>\n" + PLAIN, "own address"),
    "in our name, encoded": (PLAIN.replace(b"Bakery <wordpress@bakery.example.org>", b"=?utf-8?Q?x?= <aipress@example.com>"), "own address"),
    "from two": (PLAIN.replace(b"From: ", b"From: a@example.org, "), "from whom"),
    "from nobody": (PLAIN.replace(b"From:", b"X-From:"), "from whom"),
    "two subjects": (b"Subject: one\n" + PLAIN, "more than one field subject"),
    "two hidden fields": (b"BCC: evil@example.org\n" + PLAIN, "more than one field bcc"),
    "two senders' fields": (b"From: boss@example.org\n" + PLAIN, "more than one field from"),
    "to nobody": (PLAIN.replace(b"To: ada@example.org\n", b"").replace(b"Bcc:", b"X:"), "nobody"),
    "to a word": (PLAIN.replace(b"ada@example.org", b"ada"), "no address"),
    "to an option": (PLAIN.replace(b"ada@example.org", b"-oQ/tmp@example.org, \"a b\"@example.org"), "no address"),
    "to too many": (PLAIN.replace(b"ada@example.org", b",\n ".join(b"a%d@example.org" % n for n in range(60))), "60|61"),
    "a carriage return": (PLAIN.replace(b"Hello.", b"Hel\rlo."), "control character"),
    "a carriage return among the fields": (b"X: a\rBcc: evil@example.org\n" + PLAIN, "control character"),
    "a zero": (PLAIN.replace(b"Hello.", b"\0"), "control character"),
    "a line that is no field": (b"Dear Ada\n" + PLAIN, "that is none"),
    "a field without a name": (b": x\n" + PLAIN, "that is none"),
    "a long field": (b"X: " + b"a" * 1000 + b"\n" + PLAIN, "longer than a line"),
    "nothing": (b"", "that is none"),
    "too large": (None, "larger than 10 MB"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_not_to_be_sent_is_refused_and_says_why(what: str) -> None:
    content, why = REFUSED[what]
    with pytest.raises(Unsendable, match=why):
        letters.read(content, OWN)
    letters.glimpse(content or b"")


def test_of_a_refused_message_is_told_whom_it_was_for() -> None:
    assert letters.glimpse(PLAIN) == (("ada@example.org",), "=?utf-8?Q?B=C3=BCcher?= for")
    assert letters.glimpse(b"") == ((), "")


FIELDS = st.sampled_from(["To", "From", "Subject", "Bcc", "Cc", "Reply-To", "Content-Type", "Sender", "Date"])
VALUES = st.text(max_size=60) | st.sampled_from(
    ["a@example.org", "=?utf-8?B?//8=?=", "<<>>,;:", "=?x?Q?=C3?= <a@b.c>", "group: a@b.c;"]
)


@given(st.lists(st.tuples(FIELDS, VALUES), max_size=6), st.binary(max_size=100))
def test_whatever_is_handed_over_is_a_letter_or_refused(fields: list[tuple[str, str]], body: bytes) -> None:
    head = "\n".join(f"{name}: {value}" for name, value in fields).encode("utf-8", "replace")
    try:
        letter = letters.read(head + b"\n\n" + body, OWN)
    except Unsendable:
        return
    assert letter.recipients
    assert "\n" not in letter.subject
    again = letters.read(letters.to_send(letter, "a@b"), OWN) if b"bcc" not in head.lower() else letter
    assert set(again.recipients) == set(letter.recipients)
