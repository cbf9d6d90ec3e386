"""What pages take a short way to is what the long way gives."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from urllib.parse import quote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.stages.publish.site.links import ROOT, Links, web_address
from broadsheet.stages.publish.site.words import LANGUAGES, words_for

UNSAFE = re.compile('[\\x00-\\x20\\x7f-\\xa0<>"\\\\^`{|}\u2028\u2029\ud800-\udfff\ufffe\uffff]')
SCHEMES = st.sampled_from(["http", "https", "HTTPS", "Http", "ftp", "javascript", ""])
BETWEEN = st.sampled_from(["://", ":", "//", ":///", ":/"])
HOSTS = st.text(alphabet="aZ09.-_@:[]%ü ", max_size=12)
PATHS = st.text(alphabet="/aZ09?&=#[]@:;,!$'()*+%~._-<>\"\\^`{|}é \x00\ud800", max_size=16)
ADDRESSES = st.builds(lambda *parts: "".join(parts), SCHEMES, BETWEEN, HOSTS, PATHS)


def taken_apart(url: str) -> str | None:
    """The address where its parts say that it may be a link."""
    if not url or len(url) > 4096 or UNSAFE.search(url):
        return None
    try:
        parts = urlsplit(url)
        return url if parts.scheme in ("http", "https") and parts.hostname and not parts.username else None
    except ValueError:
        return None


@given(ADDRESSES | st.text())
def test_an_address_is_known_without_being_taken_apart(url: str) -> None:
    assert web_address(url) == taken_apart(url)


def test_the_length_of_an_address_counts_first() -> None:
    longest = "https://a.example/".ljust(4096, "a")
    assert web_address(longest) == longest
    assert web_address(longest + "a") is None


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_paths_are_quoted_where_they_need_it(path: str) -> None:
    assert Links("", "").at(path) == ROOT + quote(path, safe="/?=&#-._~")


DAYS = st.dates(date(1900, 1, 1), date(2999, 12, 31))
INSTANTS = st.datetimes(datetime(1900, 1, 2), datetime(2999, 12, 30)).flatmap(
    lambda when: st.integers(-840, 840).map(lambda minutes: when.replace(tzinfo=timezone(timedelta(minutes=minutes))))
)


@pytest.mark.parametrize("language", LANGUAGES)
@given(when=INSTANTS, today=DAYS | st.none(), same=st.booleans())
def test_instants_are_said_as_the_calendar_has_them(
    language: str, when: datetime, today: date | None, same: bool
) -> None:
    words, utc = words_for(language), when.astimezone(UTC)
    today = utc.date() if same else today
    calendar, time = words.calendar, f"{utc.hour:02}:{utc.minute:02}"
    form = calendar.date if today and today.year == utc.year else calendar.dated
    day = form.format(day=utc.day, month=calendar.months_short[utc.month - 1], year=utc.year)
    told = time if utc.date() == today else calendar.clocked.format(date=day, time=time)
    assert words.instant(when, today=today) == told
    assert words.moment(when, today=today) == (time if utc.date() == today else day)
