"""Fetch: pages, as robots.txt allows."""

from broadsheet.stages.fetch.pages import PageFetcher
from broadsheet.stages.fetch.places import host_of, publisher_of
from broadsheet.stages.fetch.robots import Robots, RobotsRules, product_token

__all__ = ["PageFetcher", "Robots", "RobotsRules", "host_of", "product_token", "publisher_of"]
