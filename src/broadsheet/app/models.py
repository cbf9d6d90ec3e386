"""The language models that group stories."""

from broadsheet.adapters.embedding.cached import CachedEmbedder
from broadsheet.adapters.embedding.opening import installed_models, open_embedder
from broadsheet.errors import SettingsError, UsageError
from broadsheet.ports import Embedder, Store
from broadsheet.settings import Settings

__all__ = ["installed_models", "open_embedder", "open_reader"]


def open_reader(settings: Settings, store: Store) -> Embedder | None:
    """The language model of a publication, which reads each text once; None where there is none.

    Raises SettingsError where `[stories] model` names one that is not installed.
    """
    try:
        embedder = open_embedder(settings.stories.model)
    except UsageError as error:
        raise SettingsError(f"{settings.file}: [stories] model: {error.message}", hint=error.hint) from error
    return CachedEmbedder(embedder, store.embeddings) if embedder else None
