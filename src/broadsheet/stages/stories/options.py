"""The settings of the story engine: one set of figures for every kind of stream."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StoryOptions:
    """How far the engine looks and what a pair must reach. The defaults are measured; see docs/stories.md.

    `window_days`: how long an article may be linked and its story revised. `body_weight` and `title_weight` weigh the
    words of title with excerpt and of the title alone. `quantile`, `quantile_weight`, `tail_first`, `tail_last` and
    `tail_weight` make an article's own background. `coarse_*` shape the rough groups that the background is read from.
    `size_weight` and `size_power` ask more of small groups. `threshold` is what is left to reach above the background.
    A background is at most `excess_limit` above the tail, so that a subject that is everywhere is subtracted once and
    not several times. Where there are fewer than `least_groups` groups to read a background from, they are topped up
    with the `usual_similarity` of unrelated news. Two wordings of `long_wording` words or more (where groups are few:
    any two) that share less than `least_shared` separate rare words or phrases count as `weak_limit` at most.
    """

    window_days: float = 4.0
    body_weight: float = 0.8
    title_weight: float = 0.25
    quantile: float = 0.7
    quantile_weight: float = 0.5
    tail_first: int = 50
    tail_last: int = 150
    tail_weight: float = 4.25
    coarse_quantile_weight: float = 2.0
    coarse_threshold: float = 0.2
    size_weight: float = 0.1
    size_power: float = 0.5
    threshold: float = 0.03
    excess_limit: float = 0.18
    least_groups: int = 12
    usual_similarity: float = 0.03
    long_wording: int = 14
    least_shared: int = 2
    weak_limit: float = 0.1
