"""Every word that the site itself says, in one place, so that languages can be added.

A text may hold `{names}`; a pair is (for one, for any other number). The reader's own numbers and names are put in as
they are: the templates escape the whole.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

Text = str | tuple[str, str]

ENGLISH: Mapping[str, Text] = {
    # the frame
    "skip": "Skip to the stories",
    "topics": "Topics",
    "tools": "Tools",
    "all": "All",
    "archive": "Archive",
    "feeds": "Feeds",
    "corrections": "Corrections",
    "about": "How this page is made",
    "edition_of": "edition of {time} UTC",
    "edition_counts": "{reports} from {publishers} make {stories}.",
    "edition_counts_copies": "{reports} from {publishers} make {stories}; {copies} folded.",
    "made_by": (
        "{title} is made by Broadsheet, a newsroom that runs itself and shows its working. "
        "Times are UTC. No cookies, no counting of readers, no scripts."
    ),
    "how_heat": "How heat works",
    # counts
    "reports": ("{n} report", "{n} reports"),
    "publishers": ("{n} publisher", "{n} publishers"),
    "stories": ("{n} story", "{n} stories"),
    "independent": ("{n} independent", "{n} independent"),
    "independent_reports": ("{n} independent report", "{n} independent reports"),
    "copies": ("{n} copy", "{n} copies"),
    "originals": ("{n} original", "{n} originals"),
    "more_reports": ("One more report, the timeline and receipts", "{n} more reports, the timeline and receipts"),
    "more_stories": ("{n} more story", "{n} more stories"),
    # the front
    "hottest": "The hottest stories",
    "heat": "Heat",
    "adds": "adds",
    "just_in": "Just in",
    "by_time": "by time, not heat",
    "joins": "{publisher} joins “{title}”",
    "all_of": "All of {topic}",
    "also": "Also in this edition",
    "also_note": "the rest, by heat; number first",
    "edition_rest": "The edition has more stories than this page. The archive has them all.",
    "week": "The last days",
    "every_day": "Every day in the archive",
    "how_short": (
        "Reports of one event are grouped into a story. Independent reports raise its heat; copies do not. "
        "The line above each headline is its heat: the longer, the hotter."
    ),
    "whole_sum": "The whole sum",
    "no_stories": "Nothing is published yet.",
    "no_stories_note": "Stories appear here as soon as a report reaches enough heat.",
    "corrections_all": "All corrections",
    "feed_note": "New stories come by feed, which needs no address and no account.",
    "feed_title": "Take the feed",
    # a topic
    "hottest_of_topic": "The hottest of the newest",
    "earlier": "Older",
    "later": "Newer",
    "pages_stay": "Pages are counted from the first story, so each keeps its address.",
    "page_n": "Page {n}",
    "topic_page": "{topic}, page {n}",
    "who_first": "Who reports it first",
    "who_first_caption": "Independent reports in the newest {stories} of {topic}",
    "publisher": "Publisher",
    "column_reports": "Reports",
    "column_first": "First",
    "follow": "Follow",
    "follow_note": "This topic has its own feed. There is no account to make.",
    "nothing_in_topic": "No story of this topic is published yet.",
    # a day
    "day_counts": "{stories} from {reports}.",
    "hottest_of_day": "The hottest of the day",
    "others_of_day": "The other stories of the day",
    "by_heat": "by heat",
    "days_around": "Day before and after",
    "days_note": "Every day with stories, newest first. A day keeps its address.",
    # a story
    "read_at": "Read it at {publisher}",
    "watch_at": "Watch it at {publisher}",
    "why_head": "Why this is the head",
    "about_story": "About this story",
    "timeline": "Timeline",
    "timeline_key": "Filled: independent. Hollow: copies. Square: a correction.",
    "coverage": "Coverage",
    "the_head": "{time}, the head",
    "copies_folded": "{copies}, folded under {originals}",
    "copies_of": "Copies of {publisher}",
    "copies_of_other": "Copies of a report that is not here",
    "same_text": "{n}% same text",
    "publishes": "{publisher} publishes",
    "copies_begin": ("{publisher}, a copy", "{n} copies begin, the first at {publisher}"),
    "corrects": "{publisher} changes its {field}",
    "receipts": "Why these belong together",
    "receipts_caption": "How near each report stands to the rest of its story, and what it had to reach to join it.",
    "report": "Report",
    "shared_names": "Shared names",
    "shared_numbers": "Shared figures",
    "nearness": "Nearness",
    "needed": "{value}, needed {threshold}",
    "next_best": "Next best story",
    "next_best_value": "{value} to another",
    "text_in_common": "Text in common",
    "further": "Further signs",
    "verdict": "Verdict",
    "is_independent": "Independent",
    "is_copy": "Copy",
    "sum": "Why it stands at {heat}",
    "sum_caption": "Heat is a sum. Bars start where the term above ended.",
    "term": "Term",
    "scale": "Scale",
    "points": "Points",
    "before": "Before",
    "after": "Now",
    "correction_of": "{publisher} changed its {field}.",
    "keep": "Keep it",
    "keep_note": "This address does not change.",
    "picture_from": "Picture: {publisher}",
    # about
    "about_deck": "What is counted, what is not, and where to check it.",
    "about_grouping_h": "From reports to stories",
    "about_grouping": (
        "A machine reads what the publishers on its list publish. Reports that tell of the same event are grouped into "
        "a story; each story page says why every report is there. A report that repeats another one’s text is a copy. "
        "It is folded under its original and is not counted as independent."
    ),
    "about_heat_h": "How heat works",
    "about_heat": (
        "Every story hangs from a line, inked in proportion to its heat; the whole width stands for {full} points. "
        "Heat is a sum: the quality of the report at the head, and points for each further publisher that tells it. "
        "Each story page shows the terms of its own sum. Nothing else counts: not clicks, not who paid, not what you "
        "read before."
    ),
    "about_head_h": "Which report stands at the head",
    "about_head": (
        "The head is the report that a reader should open first. Its reasons stand on the story page. A head stays the "
        "head unless another report is clearly better."
    ),
    "about_corrections_h": "When a publisher corrects itself",
    "about_corrections": (
        "When a publisher changes a headline or a sentence after we have shown it, the story page says what stood "
        "there before, and so does the list of corrections."
    ),
    "about_readers_h": "What we know of readers",
    "about_readers": (
        "Nothing. The pages carry no scripts, set no cookies, and load nothing from anybody else. Links lead to the "
        "publishers’ own addresses, unchanged."
    ),
    "about_tally_h": "How to read the small bars",
    "about_tally": "One tall bar for each independent report, one short stub for each copy.",
    # corrections, feeds, missing page
    "corrections_deck": "What publishers changed after we had shown it, newest first.",
    "no_corrections": "No publisher has changed a report of ours so far.",
    "feeds_deck": "Every feed of this publication. They hold the newest 50 stories, and need no account.",
    "feeds_caption": "Feeds by topic and format",
    "feed_all": "Everything",
    "column_feed": "Feed",
    "missing": "There is no page at this address",
    "missing_note": "It may have been mistyped. Stories, topics and days keep their addresses, so it was not moved.",
    "missing_front": "Go to the front page",
    "missing_archive": "Look in the archive",
    # fields of a correction
    "field_title": "headline",
    "field_excerpt": "summary",
    "field_text": "text",
}  # fmt: skip

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Words:
    """One language of the site; `language` is what goes into `<html lang>`."""

    language: str
    texts: Mapping[str, Text]
    weekdays: tuple[str, ...]
    months: tuple[str, ...]

    def __call__(self, key: str, **values: object) -> str:
        """The text of `key` with its values put in. A pair takes its form from the value `n`."""
        text = self.texts[key]
        if isinstance(text, tuple):
            text = text[0] if values.get("n") == 1 else text[1]
        return text.format(**{name: self._shown(value) for name, value in values.items()})

    @staticmethod
    def _shown(value: object) -> str:
        return f"{value:,}" if isinstance(value, int) else str(value)

    def field(self, name: str) -> str:
        """What a corrected field is called; its own name where we have no word for it."""
        return self(f"field_{name}") if f"field_{name}" in self.texts else name

    def time(self, when: datetime) -> str:
        """`06:14`, in UTC."""
        return when.astimezone(UTC).strftime("%H:%M")

    def moment(self, when: datetime, *, today: date | None = None) -> str:
        """`06:14` where the day is `today`, else `21 Nov`, with the year where it is another one."""
        day = when.astimezone(UTC).date()
        if day == today:
            return self.time(when)
        short = f"{day.day} {self.months[day.month - 1][:3]}"
        return short if today and today.year == day.year else f"{short} {day.year}"

    def day(self, day: date) -> str:
        """`Sunday 22 November 2026`."""
        return f"{self.weekdays[day.weekday()]} {day.day} {self.month(day)}"

    def day_short(self, day: date) -> str:
        """`Sun 22 Nov`."""
        return f"{self.weekdays[day.weekday()][:3]} {day.day} {self.months[day.month - 1][:3]}"

    def month(self, day: date) -> str:
        """`November 2026`."""
        return f"{self.months[day.month - 1]} {day.year}"


_LANGUAGES: Mapping[str, tuple[Mapping[str, Text], tuple[str, ...], tuple[str, ...]]] = {
    "en": (ENGLISH, _WEEKDAYS, _MONTHS),
}


def words_for(locale: str) -> Words:
    """The words of a locale such as `en-us`; English, and said to be English, where we have no others."""
    language, _, region = locale.replace("_", "-").partition("-")
    if language.lower() in _LANGUAGES:
        tag = f"{language.lower()}-{region.upper()}" if len(region) == 2 else language.lower()
        return Words(tag, *_LANGUAGES[language.lower()])
    return Words("en", *_LANGUAGES["en"])
