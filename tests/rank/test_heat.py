"""What counts in the heat of a story: reports that are independent of each other, one of each publisher."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from broadsheet.model.article import Article, Provider
from broadsheet.model.images import Image
from broadsheet.model.kept import KeptArticle
from broadsheet.model.publication import Site
from broadsheet.model.story import Assignment, Receipt
from broadsheet.stages.rank.heat import RELATED
from broadsheet.steps.judge import Judged, Rules, compose_story, judge

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
RULES = Rules(Site("Kelp Daily", "https://kelp.example"), (), {})


def kept(
    identity: str, domain: str, hours: float = 0, copy_of: str | None = None, picture: bool = False
) -> KeptArticle:
    article = Article(
        url=f"https://{domain}/{identity}",
        title=f"Kelp farm of Varn doubles its lines ({identity})",
        provider=Provider(domain, domain),
        images=(Image(f"https://{domain}/{identity}.jpg"),) if picture else (),
    )
    when = NOON + timedelta(hours=hours)
    assignment = Assignment(identity, "story", Receipt(), copy_of=copy_of, shared_text=0.9 if copy_of else None)
    return KeptArticle(identity, article, when, when, f"https://{domain}/feed", assignment=assignment)


def related(judged: Judged) -> list[str]:
    return [report.kept.id for report in judged.related]


def six_copies() -> list[KeptArticle]:
    return [kept("r0", "p0.example"), *(kept(f"r{n}", f"p{n}.example", n, "r0", picture=True) for n in range(1, 6))]


def test_a_release_that_six_print_counts_once() -> None:
    own = kept("own", "own.example", 9)
    judged = judge(RULES, "story", [*six_copies(), own], None)
    assert judged.head.kept.id == "r0"
    assert related(judged) == ["own"]
    assert judged.heat.total == judged.head.score.total + RELATED
    story = compose_story(judged, {m.kept.id: m.kept.id for m in judged.reports}, [])
    assert [m.record for m in story.independent] == ["r0", "own"]
    assert len(story.copies) == 5


def test_copies_of_an_original_that_is_elsewhere_count_once() -> None:
    copies = [replace(c, assignment=replace(c.assignment, copy_of="gone")) for c in six_copies()[1:] if c.assignment]
    judged = judge(RULES, "story", copies, None)
    assert judged.head.kept.id == "r1"
    assert related(judged) == []
    assert [r.copy_of for r in judged.reports] == [None, "r1", "r1", "r1", "r1"]


def test_a_copy_that_an_editor_chose_does_not_count_its_original() -> None:
    judged = judge(RULES, "story", six_copies(), None, pinned="r3")
    assert judged.head.kept.id == "r3"
    assert related(judged) == []


def test_two_reports_of_one_publisher_count_once() -> None:
    members = [kept("head", "a.example"), kept("b1", "b.example", 1), kept("b2", "b.example", 2, picture=True)]
    judged = judge(RULES, "story", members, "head")
    assert judged.head.kept.id == "head"
    assert related(judged) == ["b2"]


members = st.lists(
    st.builds(
        kept,
        st.sampled_from([f"m{n}" for n in range(8)]),
        st.sampled_from([f"p{n}.example" for n in range(4)]),
        st.integers(0, 50),
        st.none(),
        st.booleans(),
    ),
    min_size=1,
    unique_by=lambda article: article.id,
)


@given(members, st.integers(0, 7), st.lists(st.tuples(st.integers(0, 9), st.integers(0, 40)), max_size=6))
def test_copies_never_add_to_heat_nor_take_the_head(
    given_members: list[KeptArticle], which: int, copies: list[tuple[int, int]]
) -> None:
    original = given_members[which % len(given_members)]
    more = [kept(f"c{n}", f"q{p}.example", 60 + h, original.id, picture=True) for n, (p, h) in enumerate(copies)]
    alone = judge(RULES, "story", given_members, None)
    together = judge(RULES, "story", [*more, *given_members], None)
    assert together.head.kept.id == alone.head.kept.id
    assert together.heat == alone.heat
    assert related(together) == related(alone)


@given(members)
def test_related_items_are_one_of_each_other_publisher_the_best_first(
    given_members: list[KeptArticle],
) -> None:
    judged = judge(RULES, "story", given_members, None)
    domains = [r.kept.article.provider.domain for r in (judged.head, *judged.related) if r.kept.article.provider]
    assert len(domains) == len(set(domains))
    points = [r.score.total for r in judged.related]
    assert points == sorted(points, reverse=True)
    assert judge(RULES, "story", given_members[::-1], None).heat == judged.heat
