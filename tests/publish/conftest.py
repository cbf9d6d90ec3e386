"""A publication of our own invention: two dozen stories of one week, with copies, a correction and a foreign head."""

from datetime import UTC, datetime, timedelta

import pytest

from broadsheet.model.images import Image
from broadsheet.model.publication import Publication, PublishedImage, Site
from broadsheet.model.record import FiledRecord, Record, RecordProvider
from broadsheet.model.story import Correction, DecidedBy, Member, Receipt, Story
from broadsheet.model.taxonomy import Organization, Topic

NEWEST = datetime(2026, 3, 12, 10, 0, tzinfo=UTC)
PAPERS = (
    ("The Kelp Ledger", "kelp.example"), ("Ridge & Valley", "ridge.example"), ("Ferry Post", "ferry.example"),
    ("Hafenblatt", "hafenblatt.example"), ("Open Slate", "slate.example"), ("Night Tram", "tram.example"),
    ("The Orchardist", "orchardist.example"), ("Coastwise", "coastwise.example"),
)  # fmt: skip
HEADS = (
    ("Island ferry runs a month on nothing but its own wake", "energy"),
    ("Court tells the tram company to publish its timetable model", "law"),
    ("Seaweed farm cools a data hall, and sells the warm water on", "energy"),
    ("Night nurses write their own rota software and keep it", "work"),
    ("Four towns share one snow plough by letter", "work"),
    ("Library fines end; the books come back anyway", "law"),
    ("Bridge sensors heard the crack eleven days before anyone looked", "energy"),
    ("Pension fund reads its contracts aloud to members", "law"),
    ("Beekeepers map a city’s drains from the taste of honey", "work"),
    ("Harbour pilots strike over the shape of a chair", "work"),
    ("A wind park is moved one metre to the left", "energy"),
    ("Registrar refuses a company named after its own debt", "law"),
    ("Bakery prints its recipe on the invoice", "work"),
    ("Old pit fills with rain, and with swimmers", "energy"),
    ("Tax office apologises in verse, then in prose", "law"),
    ("Cable ferry’s logbook is a bestseller", "work"),
    ("School roof pays for the school’s piano", "energy"),
    ("The last typist at the ministry teaches the machine", "work"),
    ("Judges visit the bog they have to rule on", "law"),
    ("Reservoir level is announced by a fog horn", "energy"),
    ("Glaziers agree on what a window is", "law"),
    ("Post van doubles as a pharmacy on Tuesdays", "work"),
    ("Geothermal well finds a Roman bath first", "energy"),
    ("Audit finds a bus that has never stopped", "law"),
)


def topics() -> tuple[Topic, ...]:
    return (
        Topic(id="small-news", name="Small News", keywords=("news",)),
        Topic(id="energy", name="Energy", order=1, parent="Small News", description="Heat, light, and who pays."),
        Topic(id="law", name="Law", order=2, parent="Small News"),
        Topic(id="work", name="Work", order=3, parent="Small News"),
    )


def a_record(at: int, title: str, paper: tuple[str, str], published: datetime, **more: object) -> FiledRecord:
    url = f"https://{paper[1]}/{published:%Y/%m/%d}/{at}"
    values: dict[str, object] = {
        "title": title,
        "published_date_time": published,
        "original_url": url,
        "web_url": url,
        "provider": RecordProvider(*paper),
        "excerpt": f"What {paper[0]} found when it asked twice, and what the office said the second time.",
        "quality": 72,
        "published": True,
        "images": (Image(f"https://{paper[1]}/{at}.jpg", 1200, 800),),
    }
    return FiledRecord(f"_news/{published:%Y-%m-%d}-item-{at}.md", Record(**(values | more)))  # type: ignore[arg-type]


def a_story(at: int) -> tuple[Story, list[FiledRecord]]:
    title, topic = HEADS[at]
    start = NEWEST - timedelta(hours=5 * at, minutes=13 * at)
    records = [a_record(at * 100, title, PAPERS[at % 8], start, topics=("Small News", topic.title()))]
    records += [
        a_record(at * 100 + n, f"{title}: report {n}", PAPERS[(at + n) % 8], start + timedelta(minutes=20 * n))
        for n in range(1, max(1, 9 - at))
        if start + timedelta(minutes=20 * n) <= NEWEST
    ]
    members = tuple(_member(n, r, records[max(0, n - 1)].path if n % 3 == 2 else None) for n, r in enumerate(records))
    terms = (("Quality of the head", 62 - at), (f"{len(members) - 1} more reports", 5 * (len(members) - 1)))
    return Story(
        id=f"s{at:03}",
        title=title,
        heat=sum(points for _, points in terms),
        published=True,
        members=members,
        topics=("Small News", topic.title()),
        heat_terms=terms,
        head_reasons=("It was first, by 20 minutes.", "It repeats nobody’s text."),
        corrections=(_correction(records[0]),) if at == 1 else (),
    ), records


def _receipt(n: int) -> Receipt:
    return Receipt(0.6 + n / 50, 0.45, "other", 0.2, ("Kelp Bay",), ("31",), decided_by=DecidedBy.SCORE)


def _member(n: int, filed: FiledRecord, copy_of: str | None) -> Member:
    record = filed.record
    return Member(
        record=filed.path,
        title=record.title,
        url=record.web_url or "",
        provider_name=record.provider.name,
        provider_domain=record.provider.domain,
        published=record.published_date_time,
        receipt=_receipt(n) if n else Receipt(),
        excerpt=record.excerpt,
        language="de" if record.provider.name == "Hafenblatt" else "en",
        quality=record.quality or 0,
        is_head=n == 0,
        copy_of=copy_of,
        shared_text=0.93 if copy_of else 0.06 * n,
        adds="the accounts of the last three years" if n % 3 == 1 else None,
    )


def _correction(filed: FiledRecord) -> Correction:
    at = filed.record.published_date_time + timedelta(minutes=50)
    return Correction(filed.path, at, "title", "Court asks the tram company", "Court tells the tram company")


def a_publication(**changes: object) -> Publication:
    pairs = [a_story(at) for at in range(len(HEADS))]
    records = [record for _, theirs in pairs for record in theirs]
    pictured = [r.record.images[0].url for at, r in enumerate(records) if at % 3 != 2]
    values: dict[str, object] = {
        "site": Site(title="The Small Hours", url="https://hours.example", description="News of little things."),
        "topics": topics(),
        "organizations": {d: Organization(id=d, name=n, domain=d) for n, d in PAPERS},
        "records": tuple(records),
        "stories": tuple(story for story, _ in pairs),
        "pictures": {url: a_picture(url) for url in pictured},
    }
    return Publication(**(values | changes))  # type: ignore[arg-type]


def a_picture(url: str) -> PublishedImage:
    name = url.rsplit("/", 1)[1].removesuffix(".jpg")
    return PublishedImage(((f"pictures/{name}-480.webp", 480), (f"pictures/{name}-1200.webp", 1200)), 1200, 800)


@pytest.fixture(scope="session")
def publication() -> Publication:
    return a_publication()
