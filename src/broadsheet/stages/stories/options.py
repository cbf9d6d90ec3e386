"""The settings of the story engine: one set of figures for every kind of stream."""

from dataclasses import dataclass, replace

from broadsheet.stages.stories.levels import Coarse
from broadsheet.stages.stories.scoring import Scoring

WORDS = Scoring(
    pairs={"words": 0.8, "title": 0.2, "numbersConflict": -0.04, "titleNumbersConflict": -0.1, "numbersAgree": 0.02,
           "monthsConflict": -0.2, "daysConflict": -0.1, "things": 0.08},
    levels={"xq": -0.4, "xc": -3.8}, common={"xm": 1.3},
    floor=-0.03,
    coarse=Coarse(0.8, 0.0, 2.0, 0.2),
    size_weight=0.07, threshold=0.03,
)  # fmt: skip
MEANING = Scoring(
    pairs={"meaning": 0.85, "words": 0.5, "title": 0.2, "numbersConflict": -0.08, "titleNumbersConflict": -0.08,
           "numbersAgree": 0.1, "monthsConflict": -0.2, "daysConflict": -0.12, "fewThings": 0.09, "unread": 0.22},
    levels={"eq": -0.4, "eh": -0.4, "eb": -1.2, "xb": -0.6}, common={"xm": 0.9, "em": 0.85},
    floor=0.0,
    coarse=Coarse(0.6, 0.85, 2.0, 0.06),
    threshold=0.06,
)  # fmt: skip
# The multilingual model finds unrelated news more alike.
MULTILINGUAL = replace(
    MEANING,
    pairs={**MEANING.pairs, "foreign": 1.0},
    levels={"eq": -0.28, "eh": -0.28, "eb": -0.84, "xb": -0.6},
    threshold=0.08,
)
BY_MODEL = {"universal-sentence-encoder-multilingual": MULTILINGUAL}


@dataclass(frozen=True, slots=True)
class StoryOptions:
    """`window_days`: how long an article may be linked and its story revised. `model` is the name of the language model
    that gives the rows, if there is one: each has weights of its own. They are measured; see docs/stories.md."""

    window_days: float = 4.0
    model: str = ""
    words: Scoring = WORDS
    meaning: Scoring = MEANING

    def scoring(self, *, with_model: bool) -> Scoring:
        """The weights that count."""
        if not with_model:
            return self.words
        return next((weights for name, weights in BY_MODEL.items() if self.model.startswith(name)), self.meaning)
