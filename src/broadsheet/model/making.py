"""Makes frozen values by the hundred thousand.

A frozen dataclass sets each of its fields through `object.__setattr__`, which takes four times as long as setting it.
"""

from collections.abc import Callable
from dataclasses import field, fields, make_dataclass
from typing import Any, ParamSpec, TypeVar, cast

P = ParamSpec("P")
Value = TypeVar("Value")


def maker(kind: Callable[P, Value]) -> Callable[P, Value]:
    """Makes what `kind`, a frozen dataclass with slots, makes of the same arguments, in a quarter of the time.

    The fields are set in a twin that is not frozen, and which then becomes what was asked for; Python allows that where
    two classes have the same slots, and raises TypeError at the first value where they have not.
    """
    assert isinstance(kind, type)  # noqa: S101 - the signature says Callable for the sake of the arguments' types
    if hasattr(kind, "__post_init__"):
        raise TypeError(f"{kind.__name__} does more than hold its fields")
    of = [(f.name, f.type, field(default=f.default, default_factory=f.default_factory)) for f in fields(kind)]
    twin: type[Any] = make_dataclass(f"Open{kind.__name__}", of, eq=False, repr=False, slots=True)

    def make(*values: P.args, **named: P.kwargs) -> Value:
        made = twin(*values, **named)
        made.__class__ = kind
        return cast(Value, made)

    return make
