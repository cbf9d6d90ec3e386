"""Frozen values made in a quicker way are those that the slow way makes."""

import copy
import pickle
from dataclasses import FrozenInstanceError, dataclass, field, replace

import pytest

from broadsheet.model.making import maker


@dataclass(frozen=True, slots=True)
class Boat:
    name: str
    masts: int = 1
    crew: list[str] = field(default_factory=list)

    @property
    def tall(self) -> bool:
        return self.masts > 2


@dataclass(frozen=True, slots=True)
class Checked:
    name: str

    def __post_init__(self) -> None:
        if not self.name:
            raise ValueError("a name")


@dataclass(frozen=True, slots=True)
class Trawler(Boat):
    nets: int = 0


def test_a_value_is_of_its_kind_and_frozen() -> None:
    made = maker(Boat)("Anna", masts=3)
    assert type(made) is Boat
    assert made == Boat("Anna", 3)
    assert made.tall
    assert repr(made) == repr(Boat("Anna", 3))
    assert replace(made, name="Berta") == Boat("Berta", 3)
    assert copy.deepcopy(made) == pickle.loads(pickle.dumps(made)) == made
    with pytest.raises(FrozenInstanceError):
        made.name = "Clara"  # type: ignore[misc]


def test_each_value_has_defaults_of_its_own() -> None:
    make = maker(Boat)
    one, other = make("Anna"), make("Anna")
    assert one == other == Boat("Anna")
    assert one.crew is not other.crew


def test_arguments_that_do_not_fit_are_refused() -> None:
    with pytest.raises(TypeError, match="name"):
        maker(Boat)(masts=1)  # type: ignore[call-arg]


def test_kinds_that_it_could_not_make_are_refused() -> None:
    with pytest.raises(TypeError, match="does more than hold"):
        maker(Checked)
    with pytest.raises(TypeError):
        maker(Trawler)("Dora")
