"""Which articles tell the same story."""

from broadsheet.stages.stories.assign import assign_stories, assign_stream
from broadsheet.stages.stories.engine import StoryEngine
from broadsheet.stages.stories.options import StoryOptions

__all__ = ["StoryEngine", "StoryOptions", "assign_stories", "assign_stream"]
