"""Images, as pages, feeds and records name them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Image:
    """An image at `url`; width and height in pixels, None where nobody said."""

    url: str
    width: int | None = None
    height: int | None = None
    is_cached: bool = False

    def as_json(self) -> dict[str, object]:
        """The form that the filters print: `{url, width, height}`."""
        return {"url": self.url, "width": self.width, "height": self.height}
