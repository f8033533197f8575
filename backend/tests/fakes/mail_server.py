"""A mail server on loopback that says what a test wants: enough of SMTP (RFC 5321) for one client."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class MailServerOfTest:
    """`answers` are what it says to the next messages (250 where there are none left); `taken` is (recipients, content)."""

    def __init__(self) -> None:
        self.answers: list[str] = []
        self.unknown: set[str] = set()
        self.taken: list[tuple[list[str], bytes]] = []
        self.port = 0


class Conversation(socketserver.StreamRequestHandler):
    """What is said to one client."""

    server: "Listening"

    def handle(self) -> None:
        self.say("220 here")
        recipients: list[str] = []
        while line := self.rfile.readline().decode().strip():
            word = line.split(":")[0].split(" ")[0].upper()
            if word == "RCPT":
                self.admit(line.partition("<")[2].partition(">")[0], recipients)
            elif word == "DATA":
                self.take(recipients)
            elif word == "QUIT":
                return self.say("221 bye")
            else:
                self.say("250 fine")
        return None

    def admit(self, address: str, recipients: list[str]) -> None:
        if address in self.server.told.unknown:
            return self.say("550 nobody of that name")
        recipients.append(address)
        return self.say("250 fine")

    def take(self, recipients: list[str]) -> None:
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line[1:] if line.startswith(b"..") else line)
        told = self.server.told
        answer = told.answers.pop(0) if told.answers else "250 taken"
        if answer.startswith("250"):
            told.taken.append((recipients, b"".join(lines)))
        self.say(answer)

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class Listening(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, told: MailServerOfTest) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.told = told
        told.port = self.server_address[1]


@contextmanager
def serving() -> Iterator[MailServerOfTest]:
    """While it listens."""
    with Listening(MailServerOfTest()) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server.told
        finally:
            server.shutdown()
            thread.join()
