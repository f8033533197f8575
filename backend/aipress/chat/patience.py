"""A model over a network, asked with patience that has an end: what is busy is asked again when it wishes, silence is not waited out.

Only before the first word: an answer that has begun is never begun again behind the reader's back. One that ends before its
end is a failure, also when the connection was closed in good order.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

from google.auth.exceptions import GoogleAuthError, TransportError
from pydantic_ai import RunContext
from pydantic_ai.exceptions import (
    ContentFilterError,
    ModelAPIError,
    ModelAuthenticationError,
    ModelConnectionError,
    ModelRateLimitError,
    ModelServerError,
    ModelTimeoutError,
    ModelUnavailableError,
    OutputTokenLimitExceeded,
    UnexpectedModelBehavior,
)
from pydantic_ai.messages import ModelMessage, ModelResponse
from pydantic_ai.models import Model, ModelRequestParameters, StreamedResponse
from pydantic_ai.models.wrapper import WrapperModel
from pydantic_ai.settings import ModelSettings

from aipress.kit import logs

log = logs.get()
MAY_PASS = (ModelRateLimitError, ModelUnavailableError, ModelServerError, ModelConnectionError)

UNREADABLE = (
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
)  # what Google's client stumbles with over such an answer


@dataclass(frozen=True)
class Patience:
    """Its bounds. A request is sent at most `tries` times; a wait that the model asks for and that is longer than
    `longest_wait_seconds` is not begun. `silence_seconds` is the longest time between two bytes."""

    tries: int = 3
    first_wait_seconds: float = 0.5
    longest_wait_seconds: float = 20.0
    silence_seconds: float = 60.0
    connect_seconds: float = 5.0

    def wait(self, error: ModelAPIError, tried: int) -> float | None:
        """Seconds until `error` may have passed, after so many tries; None when asking again is of no use."""
        if tried >= self.tries or not isinstance(error, MAY_PASS) or isinstance(error, ModelTimeoutError):
            return None
        seconds = error.retry_after
        if seconds is None:
            seconds = self.first_wait_seconds * 2 ** (tried - 1)
        return seconds if seconds <= self.longest_wait_seconds else None


class PatientModel(WrapperModel):
    """`says_why_it_ends`: an answer without a reason for its end was cut off."""

    def __init__(self, wrapped: Model, patience: Patience, says_why_it_ends: bool = False) -> None:
        super().__init__(wrapped)
        self._patience = patience
        self._says_why_it_ends = says_why_it_ends

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        tried = 0
        while True:
            tried += 1
            try:
                with _our_errors(self.model_name):
                    answer = await self.wrapped.request(messages, model_settings, model_request_parameters)
            except ModelAPIError as error:
                await self._wait_or_raise(error, tried)
            else:
                self._check_its_end(answer)
                return answer

    @asynccontextmanager
    async def request_stream(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
        run_context: RunContext[Any] | None = None,
    ) -> AsyncGenerator[StreamedResponse]:
        tried = 0
        async with AsyncExitStack() as open_streams:
            while True:
                tried += 1
                asked = self.wrapped.request_stream(
                    messages, model_settings, model_request_parameters, run_context
                )
                try:
                    with _our_errors(self.model_name):
                        answer = await open_streams.enter_async_context(asked)
                    break
                except ModelAPIError as error:
                    await self._wait_or_raise(error, tried)
            with _our_errors(self.model_name):
                yield answer
            self._check_its_end(answer.get())

    async def _wait_or_raise(self, error: ModelAPIError, tried: int) -> None:
        seconds = self._patience.wait(error, tried)
        if seconds is None:
            raise error
        log.warning("the model is asked again", tried=tried, seconds=seconds, why=str(error)[:300])
        await asyncio.sleep(seconds)

    def _check_its_end(self, answer: ModelResponse) -> None:
        """Raise for an answer that is whole on the wire and yet not finished."""
        if answer.state != "complete":
            return
        match answer.finish_reason:
            case "length":
                raise OutputTokenLimitExceeded("the model reached its output limit")
            case "content_filter":
                raise ContentFilterError(f"the model's filter stepped in: {answer.provider_details}")
            case "error":
                raise UnexpectedModelBehavior(f"the model gave up: {answer.provider_details}")
            case None if self._says_why_it_ends:
                raise ModelConnectionError(
                    self.model_name, "the answer broke off without a reason", phase="read"
                )


@contextmanager
def _our_errors(model_name: str) -> Iterator[None]:
    """What fails in words that pydantic-ai leaves as they are: fetching Google's credentials, answers of another shape."""
    try:
        yield
    except TransportError as error:
        raise ModelConnectionError(model_name, str(error)) from error
    except GoogleAuthError as error:
        raise ModelAuthenticationError(model_name, str(error)) from error
    except UNREADABLE as error:
        raise UnexpectedModelBehavior("the answer has a shape that nobody knows", str(error)) from error
