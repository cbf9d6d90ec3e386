"""The pictures that a run has cached, as far as their files are there."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from broadsheet.model.publication import PublishedImage

if TYPE_CHECKING:  # the ports name the types of all stages, which printing does not need
    from broadsheet.ports import Store


def known_pictures(store: "Store") -> dict[str, PublishedImage]:
    """Every picture that a run could fetch, by its address."""
    return {url: picture for url, picture in store.pictures.known().items() if picture is not None}


def picture_files(pictures: Mapping[str, PublishedImage], blobs: Path) -> dict[str, Path]:
    """The files of these pictures by their path on the site, as far as they are there."""
    names = [path for picture in pictures.values() for path in picture.paths]
    return {name: blobs / name for name in names if (blobs / name).is_file()}


def whole(pictures: Mapping[str, PublishedImage], files: Mapping[str, Path]) -> dict[str, PublishedImage]:
    """Those of these pictures of which every file is there: no page shows what it can't load."""
    return {url: picture for url, picture in pictures.items() if files.keys() >= set(picture.paths)}
