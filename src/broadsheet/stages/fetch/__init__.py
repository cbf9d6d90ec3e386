"""Fetch: pages, as robots.txt allows."""

from broadsheet.stages.fetch.pages import PageFetcher
from broadsheet.stages.fetch.robots import Robots, RobotsRules, product_token

__all__ = ["PageFetcher", "Robots", "RobotsRules", "product_token"]
