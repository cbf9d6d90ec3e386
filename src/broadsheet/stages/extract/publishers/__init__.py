"""Publishers' own rules: what the general way of reading a page gets wrong, by publisher and time."""

from broadsheet.stages.extract.publishers.applying import Own, page_day, read_own, rule_for, take_out
from broadsheet.stages.extract.publishers.model import Publisher
from broadsheet.stages.extract.publishers.reading import bundled_publishers, parse_publisher, read_publishers
from broadsheet.stages.extract.publishers.sketching import sketch

__all__ = [
    "Own",
    "Publisher",
    "bundled_publishers",
    "page_day",
    "parse_publisher",
    "read_own",
    "read_publishers",
    "rule_for",
    "sketch",
    "take_out",
]
