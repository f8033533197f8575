"""What a person is told when an answer fails: one sentence with a code, and whether the offline engine could answer instead.

What really happened is in the log, under the reference that is shown beside the sentence.
"""

from dataclasses import dataclass

from pydantic_ai.exceptions import (
    ContentFilterError,
    ModelAPIError,
    ModelConnectionError,
    ModelContextWindowExceededError,
    ModelHTTPError,
    ModelQuotaExceededError,
    ModelRateLimitError,
    ModelRequestRejectedError,
    ModelRequestTimeout,
    ModelTimeoutError,
    OutputTokenLimitExceeded,
    RunTimedOut,
    UnexpectedModelBehavior,
    UsageLimitExceeded,
)

from aipress.chat.budget import NothingLeft
from aipress.errors import NotAllowed, NotSignedIn


@dataclass(frozen=True)
class Failure:
    """`code` is for programs, `said` for people. `is_the_models`: another engine would not have failed that way."""

    code: str
    said: str
    is_the_models: bool = True


SIGNED_OUT = Failure("session_expired", "You were signed out. Sign in again to go on.", False)
FORBIDDEN = Failure("forbidden", "You may not do that. Ask someone who owns this site.", False)
TOO_MANY_STEPS = Failure("quota", "That took more steps than one answer may take. Ask for less at once.")
OVER_QUOTA = Failure(
    "model_over_quota",
    "The language model's quota is used up. An administrator can raise it. Your sites are not affected.",
)
BUSY = Failure("model_busy", "The language model is asked too much just now. Try again in a minute.")
SLOW = Failure("model_slow", "The language model took too long and was not waited for any longer.")
TOO_LONG = Failure(
    "model_too_long", "This conversation has become too long for the language model. Begin a new one."
)
REFUSED = Failure(
    "model_refused",
    "The language model refuses to work for AIPress. An administrator has to look at its settings.",
)
BLOCKED = Failure(
    "model_blocked", "The language model declined to answer that. Try to say it in other words."
)
CUT_SHORT = Failure(
    "model_cut_short",
    "The language model reached its limit before the answer was finished. Ask for less at once.",
)
GARBLED = Failure("model_garbled", "The language model answered something that makes no sense. Try again.")
UNAVAILABLE = Failure(
    "model_unavailable", "The language model cannot be reached, or broke off. Your sites are not affected."
)
OURS = Failure("run_failed", "The answer stopped halfway. Nothing was done beyond what you see here.", False)

# The first that fits counts: what is more special stands before what it is a kind of.
KINDS: tuple[tuple[type[BaseException], Failure], ...] = (
    (NotSignedIn, SIGNED_OUT),
    (NotAllowed, FORBIDDEN),
    (UsageLimitExceeded, TOO_MANY_STEPS),
    (RunTimedOut, SLOW),
    (ModelTimeoutError, SLOW),
    (ModelRequestTimeout, SLOW),
    (ModelQuotaExceededError, OVER_QUOTA),
    (ModelRateLimitError, BUSY),
    (ModelContextWindowExceededError, TOO_LONG),
    (ModelRequestRejectedError, REFUSED),
    (ModelHTTPError, UNAVAILABLE),
    (ModelConnectionError, UNAVAILABLE),
    (ModelAPIError, GARBLED),  # of no kind that has a name: what came could not be read
    (ContentFilterError, BLOCKED),
    (OutputTokenLimitExceeded, CUT_SHORT),
    (UnexpectedModelBehavior, GARBLED),
)


def failure_of(error: BaseException) -> Failure:
    """What is said of it."""
    if isinstance(error, NothingLeft):
        return Failure("quota", str(error))
    if isinstance(error, ModelRequestRejectedError) and _is_about_quota(error):
        return OVER_QUOTA
    return next((failure for kind, failure in KINDS if isinstance(error, kind)), OURS)


def _is_about_quota(error: ModelAPIError) -> bool:
    """Google says 403 for a missing right and for a used-up quota or unpaid bill alike; its text tells them apart."""
    said = str(error.body).lower()
    return "quota" in said or "billing" in said
