"""Fetch: pages, as robots.txt allows."""

from broadsheet.stages.fetch.pages import PageFetcher
from broadsheet.stages.fetch.places import host_of, publisher_of
from broadsheet.stages.fetch.robots import Robots, RobotsRules, product_token
from broadsheet.stages.fetch.soft404 import soft_404
from broadsheet.stages.fetch.walls import LOOKED_AT, wall_before

__all__ = [
    "LOOKED_AT",
    "PageFetcher",
    "Robots",
    "RobotsRules",
    "host_of",
    "product_token",
    "publisher_of",
    "soft_404",
    "wall_before",
]
