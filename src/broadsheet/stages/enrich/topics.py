"""Which topics an article has, by the words of its title. The rule is the origin's, found from its records."""

from collections.abc import Collection, Sequence

from broadsheet.model.taxonomy import Topic, TopicMatch


def match_topics(title: str, topics: Sequence[Topic], tags: Collection[str] = ()) -> tuple[TopicMatch, ...]:
    """The site's own topic, always, then the topics of which a keyword stands in the title, each in its given order. A
    topic whose id is one of the article's `tags` counts too: a rule or a source has given it.

    A keyword is found anywhere in the title, also inside of a word, whatever the case; `keywords` has each that was
    found, as often as the topic lists it, since the quality counts them so. The excerpt plays no part.
    """
    folded = title.lower()
    matches = [TopicMatch(topic, _found(folded, topic)) for topic in topics]
    given = [match for match in matches if match.topic.is_site or match.keywords or match.topic.id in tags]
    return tuple(sorted(given, key=lambda match: not match.topic.is_site))


def _found(folded_title: str, topic: Topic) -> tuple[str, ...]:
    return tuple(keyword for keyword in topic.keywords if keyword.lower() in folded_title)
