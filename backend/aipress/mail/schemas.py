"""Shapes of sites' mail over HTTP."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field


class MailRead(BaseModel):
    """A message a site sent, and what became of it."""

    id: str = Field(examples=["1772625600000-a1B2c3D4e5F6"])
    time: datetime
    outcome: Literal["caught", "sending", "sent", "refused"]
    sender: str
    recipients: list[str]
    subject: str
    size: int = Field(description="bytes")
    why: str = Field(description="what went wrong; empty when nothing did")


class LetterRead(MailRead):
    """The message itself: its plain text, its HTML as text, and the names of what is attached."""

    text: str
    html: str
    attachments: list[str]
