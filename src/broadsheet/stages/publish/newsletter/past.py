"""What earlier letters told, found out from the letters themselves: so it also holds where no store remembers."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from broadsheet.model.letter import FiledLetter
from broadsheet.model.publication import Publication
from broadsheet.stages.publish.newsletter.blocks import links_of_html
from broadsheet.stages.publish.newsletter.choosing import Past
from broadsheet.stages.publish.site.links import links_of

_STORY = re.compile(r"stories/([A-Za-z0-9._-]{1,200})/(?:[?#].*)?$")


def past_of(
    publication: Publication,
    letters: Iterable[FiledLetter],
    otherwise: datetime,
    *,
    told: Iterable[str] = (),
    shown: frozenset[str] | None = None,
    first_seen: Mapping[str, datetime] | None = None,
) -> Past:
    """What `letters` say together with what a store knows: the ids in `told`. Without any letter, news begin
    `otherwise`."""
    before = sorted(letters, key=lambda letter: (letter.published, letter.name))
    addresses: dict[str, datetime] = {}
    for letter in before:
        addresses |= dict.fromkeys(links_of_html(letter.html), letter.published)
    site = links_of(publication.site).full()
    return Past(
        since=before[-1].published if before else otherwise,
        told=frozenset(told) | told_by(addresses, site),
        addresses=addresses,
        shown=shown,
        first_seen=first_seen or {},
        number=len(before),
    )


def told_by(addresses: Iterable[str], site: str) -> frozenset[str]:
    """The stories whose pages on our site are among these addresses."""
    ours = (address.removeprefix(site) for address in addresses if address.startswith(site))
    return frozenset(found[1] for path in ours if (found := _STORY.match(path)))


def first_issue_begins(at: datetime, *, weekly: bool) -> datetime:
    """From when on news go into the very first letter."""
    return at - timedelta(days=7 if weekly else 1)
