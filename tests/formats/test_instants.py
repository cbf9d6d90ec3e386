from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.formats.instants import parse_instant
from broadsheet.model.instants import from_iso, iso

INSTANTS = st.datetimes(datetime(1900, 1, 2), datetime(2199, 12, 30), timezones=st.just(UTC))
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wed, 04 Mar 2026 10:11:12 GMT", "2026-03-04T10:11:12"),
        ("4 Mar 26 10:11 PDT", "2026-03-04T17:11:00"),
        ("Wednesday, 4 March 2026 10:11:12 Europe/Berlin", "2026-03-04T09:11:12"),
        ("2026-03-04T10:11:12.5+01:00", "2026-03-04T09:11:12.500000"),
        ("2026-03-04 10:11", "2026-03-04T10:11:00"),
        ("2026-03-04T10:11:12-05:00Z", "2026-03-04T15:11:12"),
        ("20260304T101112Z", "2026-03-04T10:11:12"),
        ("20260304", "2026-03-04T00:00:00"),
        ("2026-063", "2026-03-04T00:00:00"),
        ("2026-03", "2026-03-01T00:00:00"),
        ("2026", "2026-01-01T00:00:00"),
        ("1772619072", "2026-03-04T10:11:12"),
        ("1772619072000", "2026-03-04T10:11:12"),
        ("Wed, 04 Mar 2026 24:00:00 GMT", "2026-03-05T00:00:00"),
        ("Wed, 04 Mar 2026 10:59:60 GMT", "2026-03-04T11:00:00"),
        ("March 4, 2026 at 10:11 p.m. EST", "2026-03-05T03:11:00"),
        ("Mar 4, 2026 12:05 AM", "2026-03-04T00:05:00"),
        ("Wed Mar 04 2026 10:11:12 GMT+0100 (Central European Time)", "2026-03-04T09:11:12"),
        ("Wed Mar 4 10:11:12 +0000 2026", "2026-03-04T10:11:12"),
        ("Wed, 4th Mar 2026 10:11:12 GMT", "2026-03-04T10:11:12"),
        ("03/04/2026 10:11", "2026-03-04T10:11:00"),
        ("24/03/2026", "2026-03-24T00:00:00"),
        ("04.03.2026", "2026-03-04T00:00:00"),
        ("2026/3/4 9:11:12", "2026-03-04T09:11:12"),
        ("Mi, 04 Mär 2026 10:11:12 +0100", "2026-03-04T09:11:12"),
        ("mar., 03 mars 2026 10h11", "2026-03-03T10:11:00"),
        ("mar., 01 déc. 2026 10:11:12 +0000", "2026-12-01T10:11:12"),
        ("mié, 4 ago 2027 10:11:12 +0000", "2027-08-04T10:11:12"),
        ("4 settembre 2026", "2026-09-04T00:00:00"),
        ("qua, 4 fev 2026 10:11:12 -0300", "2026-02-04T13:11:12"),
        ("4 mrt 2026", "2026-03-04T00:00:00"),
        ("4 марта 2026 г., 10:11", "2026-03-04T10:11:00"),
        ("4 października 2026", "2026-10-04T00:00:00"),
        ("2026年03月04日 10:11", "2026-03-04T10:11:00"),
        ("2026년 3월 4일 10:11:12", "2026-03-04T01:11:12"),
        ("Thu, 01 Jan 0900 00:00:00 GMT", "0900-01-01T00:00:00"),
    ],
)
def test_reads_what_feeds_write(text: str, expected: str) -> None:
    assert parse_instant(text) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["", "  ", "yesterday", "31 Feb 2026 10:00 GMT", "0000-00-00", "0001-01-01T00:00:00Z", "2026-13-01", "9999-12-31",
     "Wed, 04 Mar 2026 25:00:00 GMT", "3 days ago", "Mon, " * 1000, "1" * 100_000, "12:30"],
)  # fmt: skip
def test_refuses_what_is_no_date(text: str) -> None:
    assert parse_instant(text) is None


def test_a_default_zone_holds_only_where_the_text_has_none() -> None:
    tokyo = timezone(timedelta(hours=9))
    assert parse_instant("2026-03-04T10:00:00", default_zone=tokyo) == datetime(2026, 3, 4, 1, tzinfo=UTC)
    assert parse_instant("2026-03-04T10:00:00Z", default_zone=tokyo) == datetime(2026, 3, 4, 10, tzinfo=UTC)
    assert parse_instant("4 March 2026", default_zone=None) is None


@given(INSTANTS, ZONES)
def test_round_trip_of_rfc_822(when: datetime, zone: timezone) -> None:
    local = when.replace(microsecond=0).astimezone(zone)
    assert parse_instant(format_datetime(local)) == local


@given(INSTANTS, ZONES)
def test_round_trip_of_iso_8601(when: datetime, zone: timezone) -> None:
    local = when.astimezone(zone)
    assert parse_instant(local.isoformat()) == when
    assert parse_instant(local.isoformat(" ")) == when


@given(
    st.one_of(
        st.text(), st.text(alphabet="0123456789-/:+., TZGMTaprilmu月日年"), st.from_regex(r"\w{3}, \d+ \w+ \d+ \d+:\d+")
    )
)
def test_never_raises(text: str) -> None:
    found = parse_instant(text)
    assert found is None or found.tzinfo is UTC


@given(st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=ZONES | st.just(UTC)))
def test_what_is_written_is_what_isoformat_gives_of_utc(when: datetime) -> None:
    whole = when.astimezone(UTC).replace(microsecond=0, tzinfo=None)
    assert iso(when) == f"{whole.isoformat()}Z"
    assert from_iso(iso(when) or "") == when.replace(microsecond=0)
    assert from_iso(when.isoformat()).tzinfo is UTC


def test_an_instant_without_a_zone_is_none() -> None:
    assert iso(None) is None
    with pytest.raises(ValueError, match="without a zone"):
        iso(datetime(2026, 1, 1))
    with pytest.raises(ValueError, match="no zone"):
        from_iso("2026-01-01T00:00:00")
