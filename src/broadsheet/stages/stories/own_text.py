"""What each report of a story tells that no other does."""

from collections import Counter
from collections.abc import Sequence

from broadsheet.stages.stories.sketches import runs_of, sketch, without_figures


def own_shares(texts: Sequence[str]) -> list[float]:
    """For each text the share (0 to 1) of its runs of words that none of the others has; 0 for one without runs."""
    runs = [without_figures(runs_of(sketch(text))).tolist() for text in texts]
    spread = Counter(run for own in runs for run in own)
    return [sum(spread[run] == 1 for run in own) / len(own) if own else 0.0 for own in runs]
