"""A value together with where it was found: what every finder of a field returns."""

from typing import Generic, NamedTuple, TypeVar

Value = TypeVar("Value")


class Found(NamedTuple, Generic[Value]):
    """`value`, and `where` in a few words for the article's evidence, e.g. `json-ld headline`."""

    value: Value
    where: str
