"""The pages of the site that are no lists: each story's, what leads to another, corrections, and those that stay."""

from collections.abc import Iterator, Sequence

from broadsheet.model.publication import OutputFile, Publication
from broadsheet.stages.publish.site.listing import Corrected, Titled
from broadsheet.stages.publish.site.receipts import receipts
from broadsheet.stages.publish.site.story_page import COVERAGE, copy_sets, heat_sum, timeline
from broadsheet.stages.publish.site.theme import Theme, static_files
from broadsheet.stages.publish.site.views import FULL_HEAT, StoryView, Viewer
from broadsheet.stages.publish.site.words import Words
