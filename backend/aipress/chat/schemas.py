"""What the assistant takes and shows over HTTP."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

MessageId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
ConversationId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
LONGEST_TEXT = 8_000
LONGEST_TITLE = 60

Chunk = dict[str, Any]
"""One chunk of the UI message stream, as JSON: a `type` and what belongs to it."""


class Said(BaseModel):
    """What a person says. Its id is the browser's; the same id again is the same message."""

    model_config = ConfigDict(extra="forbid")

    id: MessageId
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TEXT)]


class Turn(BaseModel):
    """A new message, in a conversation or to begin one; or the id of a message whose answer failed, to try it again.

    `engine` "offline": try it without a language model.
    """

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"message": {"id": "m1", "text": "Create a site called Sunrise Bakery"}}]
        },
    )

    conversation_id: ConversationId | None = None
    message: Said | None = None
    retry: MessageId | None = None
    engine: Literal["offline"] | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.message is None) == (self.retry is None):
            raise ValueError("send a message, or the id of one to retry")
        if self.retry is not None and self.conversation_id is None:
            raise ValueError("only a message of a conversation can be tried again")
        if self.engine is not None and self.retry is None:
            raise ValueError("another engine is for trying a message again")
        return self


class Renaming(BaseModel):
    """What a conversation is to be called."""

    model_config = ConfigDict(extra="forbid")

    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TITLE)]


class QuestionShown(BaseModel):
    """What the person said."""

    role: Literal["user"] = "user"
    id: str
    text: str
    created_at: datetime


class AnswerShown(BaseModel):
    """An answer as the chunks that make it; `active` while it is still being given."""

    role: Literal["assistant"] = "assistant"
    id: str
    active: bool
    chunks: list[Chunk]


class ConversationShown(BaseModel):
    """A conversation, whole."""

    id: str
    title: str
    shared_at: datetime | None
    messages: list[QuestionShown | AnswerShown]


class ConversationSummary(BaseModel):
    """A conversation in a list. `needs_you`: its last word is a question or a plan that nobody has answered.

    `shared_at`: since when a link shows what was said until then.
    """

    id: str
    title: str
    updated_at: datetime
    shared_at: datetime | None
    needs_you: bool


class Conversations(BaseModel):
    items: list[ConversationSummary]
    next_cursor: str | None


class Suggestion(BaseModel):
    """Something to say next: as it stands, or as a beginning to be finished. With `conversation_id` it is one to go on with instead."""

    label: str
    text: str = ""
    is_beginning: bool = False
    conversation_id: str | None = None


class Suggestions(BaseModel):
    items: list[Suggestion]
