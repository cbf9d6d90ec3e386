"""The language models that Broadsheet can use, and what each takes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """`name` is what `[stories] model` says, `extra` what pip installs; `reads` says for people what it understands."""

    name: str
    extra: str
    reads: str

    @property
    def install(self) -> str:
        """The line that installs it."""
        return f"pip install 'broadsheet[{self.extra}]'"


ENGLISH = LanguageModel("english", "model", "English")
MULTILINGUAL = LanguageModel(
    "multilingual",
    "languages",
    "Arabic, Chinese, Dutch, English, French, German, Italian, Japanese, Korean, Polish, Portuguese, Russian, Spanish, "
    "Thai and Turkish",
)
