"""A mail server that takes messages on, asked over SMTP."""

import asyncio
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

SECONDS = 30


class NotNow(Exception):
    """The server did not take it on, and may do so later."""


class Never(Exception):
    """The server says it will not take this one on."""


@dataclass(frozen=True)
class MailServer:
    """Where, as whom, and how it is protected on the way. `sender` gets what bounces."""

    host: str
    port: int
    user: str
    password: str
    security: Literal["starttls", "tls", "none"]
    sender: str

    async def send(self, recipients: Sequence[str], content: bytes) -> list[str]:
        """It is the server's when this returns: whom of these it refused. Raises NotNow or Never."""
        return await asyncio.to_thread(self._send, list(recipients), content)

    def _send(self, recipients: list[str], content: bytes) -> list[str]:
        try:
            with self._connected() as server:
                self._introduce(server)
                return sorted(server.sendmail(self.sender, recipients, content))
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            raise (Never if code >= 500 else NotNow)(_said(code, said)) from error
        except smtplib.SMTPAuthenticationError as error:
            raise NotNow(_said(error.smtp_code, error.smtp_error)) from error
        except smtplib.SMTPResponseException as error:
            raise (Never if error.smtp_code >= 500 else NotNow)(
                _said(error.smtp_code, error.smtp_error)
            ) from error
        except (OSError, smtplib.SMTPException) as error:
            raise NotNow(f"The mail server can't be reached ({type(error).__name__}).") from error

    def _connected(self) -> smtplib.SMTP:
        if self.security == "tls":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(self.host, self.port, timeout=SECONDS, context=context)
        return smtplib.SMTP(self.host, self.port, timeout=SECONDS)

    def _introduce(self, server: smtplib.SMTP) -> None:
        """Nothing is said in clear where protection was asked for."""
        if self.security == "starttls":
            server.starttls(context=ssl.create_default_context())
        if self.user:
            server.login(self.user, self.password)


def _said(code: int, text: bytes | str) -> str:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"The mail server said {code}: {' '.join(words.split())[:200]}"
