"""A story's page: its receipts in words, and long lists folded."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from lxml import html

from broadsheet.model.publication import Publication
from broadsheet.model.story import DecidedBy, Receipt, Story
from broadsheet.stages.publish.build import files_of
from broadsheet.stages.publish.site.receipts import receipts
from broadsheet.stages.publish.site.views import Viewer
from broadsheet.stages.publish.site.words import LANGUAGES, words_for
from broadsheet.stages.stories.scoring import FEATURES


def page_of(publication: Publication, story: Story) -> html.HtmlElement:
    files = {f.path: f.body for f in files_of(replace(publication, stories=(story,)))}
    return html.document_fromstring(files[f"stories/{story.id}/index.html"].decode())


def test_a_story_of_one_report_has_no_receipts(publication: Publication) -> None:
    first = publication.stories[1]
    alone = replace(first, members=(replace(first.members[0], receipt=first.members[1].receipt),))
    page = page_of(publication, alone)
    assert not page.xpath("//*[@id='receipts'] | //*[@id='coverage']")


def test_receipts_speak_before_they_count(publication: Publication) -> None:
    page = page_of(publication, publication.stories[1])
    row = page.xpath("//table[contains(@class, 'receipts')]/tbody/tr")[1]
    said = " ".join(row.text_content().split())
    assert "Kelp Bay" in said
    assert "the figure 31" in said
    assert "Close" in said
    assert not re.search(r"\d\.\d", said)
    raw = page.xpath("//details[contains(@class, 'fold--raw')]")
    assert [d.get("open") for d in raw] == [None]
    assert "0.62" in raw[0].text_content()


@pytest.mark.parametrize(
    ("similarity", "runner_up", "said"),
    [(0.4, None, "Very close"), (0.15, -0.1, "Close"), (0.04, -0.3, "Just close enough"),
     (0.0, None, "Joined when it was closer"), (0.3, 0.25, "Very close, another story is nearly as close")],
)  # fmt: skip
def test_closeness_in_words(publication: Publication, similarity: float, runner_up: float | None, said: str) -> None:
    story = publication.stories[1]
    other = "other" if runner_up else None
    receipt = Receipt(similarity, 0.03, other, runner_up, decided_by=DecidedBy.SCORE)
    members = tuple(replace(m, receipt=receipt) for m in story.members)
    rows = receipts(Viewer(publication).view(replace(story, members=members)), words_for("en")).all
    assert {row.closeness for row in rows} == {said}


@pytest.mark.parametrize(
    ("receipt", "said"),
    [(Receipt(0.9, 0.55, decided_by=DecidedBy.COPY), "Repeats "),
     (Receipt(decided_by=DecidedBy.SAME_WORDS), "The same words as another report"),
     (Receipt(decided_by=DecidedBy.EDITOR, decision="merge-5d01c2"), "Placed here by an editor"),
     (Receipt(threshold=0.08), "Stood alone until others joined it")],
)  # fmt: skip
def test_what_no_score_decided_has_words_and_no_bar(publication: Publication, receipt: Receipt, said: str) -> None:
    story = publication.stories[1]
    head, *others = story.members
    told = [replace(m, receipt=receipt, copy_of=head.record) for m in others[:1]]
    members = (head, *told, *others[1:])
    row = receipts(Viewer(publication).view(replace(story, members=members)), words_for("en")).all[1]
    assert row.closeness.startswith(said)
    assert (row.bar, row.needed, row.other, row.wording) == (None, None, None, "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_part_of_a_sum_has_a_word_in_every_language(publication: Publication, language: str) -> None:
    story = publication.stories[1]
    terms = dict.fromkeys((f.term for f in FEATURES.values()), 0.1) | {"background": -0.1, "size": -0.1, "limit": 0.1}
    receipt = Receipt(0.5, 0.08, terms=terms, decided_by=DecidedBy.SCORE, together=3)
    members = tuple(replace(m, receipt=receipt) for m in story.members)
    row = receipts(Viewer(publication).view(replace(story, members=members)), words_for(language)).all[0]
    assert len(row.sum) == len(terms)
    assert not {name for name, _ in row.sum} & terms.keys()
    assert "2" in row.company or language == "ar"
    assert row.wording


def test_long_lists_fold(publication: Publication) -> None:
    first = publication.stories[1]
    start = first.head.published
    more = [
        replace(first.members[1], copy_of=None, title=f"R{n}", published=start + timedelta(hours=n)) for n in range(40)
    ]
    story = replace(first, members=(first.head, *more))
    page = page_of(publication, story)
    assert len(page.xpath("//ol[@class='cov']/li")) == 41
    assert len(page.xpath("//details//ol[@class='cov']/li")) == 29
    assert len(page.xpath("//table[contains(@class, 'receipts')]")) == 2
    days = page.xpath("//h3[@class='line__day']")
    assert len(days) == len({(start + timedelta(hours=n)).date() for n in range(40)})
