"""Which article stands for a story while nobody has ranked them yet."""

from collections.abc import Iterable

from broadsheet.model.story import Assignment, StoryArticle


def first_choices(articles: Iterable[StoryArticle], assignments: Iterable[Assignment]) -> frozenset[str]:
    """The id of one article for each story: nobody's copy, then the most similar to the rest, then the earliest.

    Stage rank chooses by quality instead, where quality is known.
    """
    published = {article.id: article.published for article in articles}
    best: dict[str, tuple[tuple[bool, float, object, str], str]] = {}
    for a in assignments:
        similarity = a.receipt.similarity if a.receipt.similarity is not None else 0.0
        merit = (a.copy_of is not None, -similarity, published[a.article_id], a.article_id)
        if a.story_id not in best or merit < best[a.story_id][0]:
            best[a.story_id] = (merit, a.article_id)
    return frozenset(article for _, article in best.values())
