"""Which model answers: the offline engine, Gemini, anything that speaks OpenAI's protocol, or a model pydantic-ai names.

Gemini is asked on Vertex AI with the machine's default credentials, or by API key. What goes over a network is asked patiently.
"""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from pydantic_ai.models import Model, infer_model

from aipress.chat.callers import Caller
from aipress.chat.labels import labels_of
from aipress.chat.offline_model import OfflineModel
from aipress.chat.patience import Patience, PatientModel
from aipress.config import Settings
from aipress.errors import Invalid

if TYPE_CHECKING:
    from google.genai import Client
    from httpx2 import AsyncClient
    from pydantic_ai.providers import Provider

Engine = Callable[[Caller], Model]
WITHOUT_A_MODEL: Engine = OfflineModel
DEFAULT_LOCATION = "global"


@runtime_checkable
class Closable(Protocol):
    """An engine that keeps a connection."""

    async def aclose(self) -> None: ...


def engine_for(settings: Settings, patience: Patience | None = None) -> Engine:
    """The engine these settings choose. Raises Invalid when they leave out what it needs."""
    patience = patience or Patience()
    match settings.engine:
        case "offline":
            return WITHOUT_A_MODEL
        case "gemini":
            return Gemini(settings, patience)
        case "openai-compatible":
            return _always(PatientModel(_openai_compatible(settings, patience), patience))
        case name:
            return _always(PatientModel(_named(name, settings.model), patience))


def _always(model: Model) -> Engine:
    return lambda _: model


class Gemini:
    """Gemini; on Vertex AI every request is labelled with whom it is for, so that its cost is theirs."""

    def __init__(self, settings: Settings, patience: Patience) -> None:
        import httpx2

        self._settings, self._patience = settings, patience
        # As long as the service lives: a client of the provider's own would be closed, and connect anew, with every run.
        self._http = httpx2.AsyncClient(
            timeout=httpx2.Timeout(patience.silence_seconds, connect=patience.connect_seconds)
        )
        self._provider = _google(settings, self._http)

    def __call__(self, caller: Caller) -> Model:
        from pydantic_ai.models.google import GoogleModel, GoogleModelSettings

        chosen = GoogleModelSettings(timeout=self._patience.silence_seconds)
        if self._settings.google_cloud_project:
            chosen["google_labels"] = labels_of(caller)
        model = GoogleModel(self._settings.chosen_model, provider=self._provider, settings=chosen)
        return PatientModel(model, self._patience, says_why_it_ends=True)

    async def aclose(self) -> None:
        """Hang up."""
        await self._http.aclose()


def _google(settings: Settings, http: "AsyncClient") -> "Provider[Client]":
    from pydantic_ai.providers.google import GoogleProvider
    from pydantic_ai.providers.google_cloud import GoogleCloudProvider

    base_url = settings.model_base_url or None
    if settings.google_cloud_project:
        _check_readable(settings.google_cloud_credentials)
        return GoogleCloudProvider(
            project=settings.google_cloud_project,
            location=settings.google_cloud_location or DEFAULT_LOCATION,
            base_url=base_url,
            http_client=http,
        )
    if settings.model_api_key:
        return GoogleProvider(api_key=settings.model_api_key, base_url=base_url, http_client=http)
    raise Invalid(
        "The gemini engine needs AIPRESS_GOOGLE_CLOUD_PROJECT (Vertex AI) or AIPRESS_MODEL_API_KEY."
    )


def _check_readable(credentials: str) -> None:
    """`up` gives the file to Google's client, which complains of it only when somebody waits for an answer."""
    if credentials and not os.access(credentials, os.R_OK):
        raise Invalid(
            f"AIPRESS_GOOGLE_CLOUD_CREDENTIALS names “{credentials}”, which the assistant's account can't read."
        )


def _openai_compatible(settings: Settings, patience: Patience) -> Model:
    from pydantic_ai.models.openai import OpenAIChatModel, OpenAIChatModelSettings
    from pydantic_ai.providers.openai import OpenAIProvider

    if not (settings.model_base_url and settings.model):
        raise Invalid("The openai-compatible engine needs AIPRESS_MODEL_BASE_URL and AIPRESS_MODEL.")
    provider = OpenAIProvider(base_url=settings.model_base_url, api_key=settings.model_api_key or "none")
    chosen = OpenAIChatModelSettings(timeout=patience.silence_seconds, max_retries=0)
    return OpenAIChatModel(settings.model, provider=provider, settings=chosen)


def _named(engine: str, model: str) -> Model:
    name = engine if ":" in engine or not model else f"{engine}:{model}"
    try:
        return infer_model(name)
    except Exception as error:
        raise Invalid(
            f"There is no engine “{name}”: offline, gemini, openai-compatible, or a name such as openai:gpt-5.2."
        ) from error
