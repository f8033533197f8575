"""Which model answers: the offline engine, Gemini, anything that speaks OpenAI's protocol, or a model pydantic-ai names."""

from collections.abc import Callable

from pydantic_ai.models import Model, infer_model

from aipress.chat.callers import Caller
from aipress.chat.offline_model import OfflineModel
from aipress.config import Settings
from aipress.errors import Invalid

Engine = Callable[[Caller], Model]
GEMINI = "gemini-3.8-flash"


def engine_for(settings: Settings) -> Engine:
    """The engine these settings choose. Raises Invalid when they leave out what it needs."""
    if settings.engine == "offline":
        return OfflineModel
    model = _model(settings)
    return lambda _: model


def _model(settings: Settings) -> Model:
    match settings.engine:
        case "gemini":
            return _gemini(settings)
        case "openai-compatible":
            return _openai_compatible(settings)
        case name:
            return _named(name, settings.model)


def _gemini(settings: Settings) -> Model:
    from pydantic_ai.models.google import GoogleModel
    from pydantic_ai.providers.google import GoogleProvider
    from pydantic_ai.providers.google_cloud import GoogleCloudProvider

    name = settings.model or GEMINI
    if settings.google_cloud_project:
        place = settings.google_cloud_location or "global"
        return GoogleModel(
            name, provider=GoogleCloudProvider(project=settings.google_cloud_project, location=place)
        )
    if settings.model_api_key:
        return GoogleModel(name, provider=GoogleProvider(api_key=settings.model_api_key))
    raise Invalid(
        "The gemini engine needs AIPRESS_GOOGLE_CLOUD_PROJECT (Vertex AI) or AIPRESS_MODEL_API_KEY."
    )


def _openai_compatible(settings: Settings) -> Model:
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.providers.openai import OpenAIProvider

    if not (settings.model_base_url and settings.model):
        raise Invalid("The openai-compatible engine needs AIPRESS_MODEL_BASE_URL and AIPRESS_MODEL.")
    provider = OpenAIProvider(base_url=settings.model_base_url, api_key=settings.model_api_key or "none")
    return OpenAIChatModel(settings.model, provider=provider)


def _named(engine: str, model: str) -> Model:
    name = engine if ":" in engine or not model else f"{engine}:{model}"
    try:
        return infer_model(name)
    except Exception as error:
        raise Invalid(
            f"There is no engine “{name}”: offline, gemini, openai-compatible, or a name such as openai:gpt-5.2."
        ) from error
