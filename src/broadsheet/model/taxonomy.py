"""Topics and organizations: the publication's own registry, read from `_data/`."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from broadsheet.model.images import Image


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic of `_data/topics/NN-<id>.yaml`; the one without a parent is the site's own, and on every record."""

    id: str
    name: str
    order: int = 0
    shortname: str | None = None
    parent: str | None = None
    description: str | None = None
    keywords: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    services: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_site(self) -> bool:
        """Whether this is the site's own topic."""
        return self.parent is None


@dataclass(frozen=True, slots=True)
class Organization:
    """A publisher of `_data/organizations/<domain>.md`; to be listed there is to be trusted."""

    id: str
    name: str
    domain: str
    other_names: tuple[str, ...] = ()
    description: str | None = None
    images: tuple[Image, ...] = ()


@dataclass(frozen=True, slots=True)
class TopicMatch:
    """A topic that an article has, and its keywords that stand in the title (none for the site's own topic, where
    it is given without one)."""

    topic: Topic
    keywords: tuple[str, ...] = ()
