"""Macros put where they are called: a page of ten reports calls hundreds, and each call costs more than its text.

`{{ p.head(view.title, lang) }}` becomes the macro's body, with its parameters bound as `{% with %}` binds names. Done
only where that is the same: the call stands for itself in `{{ }}`, the macro takes no `caller` and no rest of
arguments, and no name that it takes from around itself means another thing where it is called.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jinja2 import nodes
from jinja2.visitor import NodeTransformer

_DEEPEST = 3
"""So many calls within calls are put in place. Templates do not recur, but nobody forbids it."""
_OF_THE_CALLER = frozenset({"caller", "varargs", "kwargs"})

_LARGEST = 60
"""So many nodes of a tree. A call costs as much as some ten of them: what is larger is compiled once, and called."""


@dataclass(frozen=True, slots=True)
class Plain:
    """A macro that can be put in place: `bound` are the names that it gives values to, `meant` those whose values come
    from around it, so that a place that gives one of them another value must call the macro."""

    macro: nodes.Macro
    bound: frozenset[str]
    meant: frozenset[str]


@dataclass(frozen=True, slots=True)
class Macros:
    """The macros of a template: the names of all, and those that can be put in place."""

    names: frozenset[str]
    plain: Mapping[str, Plain]


def macros_among(some: Iterable[nodes.Node]) -> Macros:
    """The macros among the nodes. One of two by the same name is never put in place."""
    macros = [node for node in some if isinstance(node, nodes.Macro)]
    times = Counter(macro.name for macro in macros)
    plain = {m.name: plain for m in macros if times[m.name] == 1 and (plain := _plain(m)) is not None}
    return Macros(frozenset(times), plain)


def _plain(macro: nodes.Macro) -> Plain | None:
    parts = within(macro)
    names = [node for node in parts if isinstance(node, nodes.Name)]
    bound = frozenset(name.name for name in names if name.ctx != "load")
    meant = frozenset(name.name for name in names) - bound
    return None if meant & _OF_THE_CALLER or len(parts) > _LARGEST else Plain(macro, bound, meant)


class Inlining(NodeTransformer):
    """Puts macros in the place of their calls. `imported` are the macros of each name under which a template imports
    others."""

    def __init__(self, template: nodes.Template, imported: Mapping[str, Macros]) -> None:
        parts = within(template)
        self._own = macros_among(parts)
        self._from: str | None = None
        self._imported = imported
        self._depth = 0
        self._bound_here = frozenset(n.name for n in parts if isinstance(n, nodes.Name) and n.ctx != "load")

    def visit_Output(self, node: nodes.Output) -> list[nodes.Node]:  # noqa: N802 - Jinja's name
        """The output in pieces, with the bodies of macros between them."""
        return list(self._pieces(node))

    def visit_Name(self, node: nodes.Name) -> nodes.Expr:  # noqa: N802 - Jinja's name
        """What a macro from elsewhere calls by its name only is found under the name of the import here."""
        if self._from is None or node.ctx != "load" or node.name not in self._own.names:
            return node
        return nodes.Getattr(nodes.Name(self._from, "load"), node.name, "load", lineno=node.lineno)

    def _pieces(self, node: nodes.Output) -> Iterator[nodes.Node]:
        run: list[nodes.Expr] = []
        for child in node.nodes:
            bound = self._bound(child) if isinstance(child, nodes.Call) else None
            if bound is None:
                run.append(self.visit(child))
                continue
            if run:
                yield nodes.Output(run, lineno=node.lineno)
            run = []
            yield bound
        if run:
            yield nodes.Output(run, lineno=node.lineno)

    def _bound(self, call: nodes.Call) -> nodes.With | None:
        """The macro's body with its parameters bound, None where the call must stay one."""
        plain, macros, source = self._called(call)
        if (
            plain is None
            or self._depth >= _DEEPEST
            or call.dyn_args
            or call.dyn_kwargs
            or plain.meant & self._bound_here
        ):
            return None
        macro = plain.macro
        names = [arg.name for arg in macro.args]
        given = dict(zip(names[len(names) - len(macro.defaults) :], macro.defaults, strict=True))
        given.update(zip(names, call.args, strict=False))
        given.update({pair.key: pair.value for pair in call.kwargs})
        if set(given) != set(names) or len(call.args) > len(names):
            return None
        targets: list[nodes.Expr] = [nodes.Name(name, "param") for name in names]
        values = [self.visit(copied(given[name])) for name in names]
        return nodes.With(targets, values, self._body(plain, macros, source), lineno=call.lineno)

    def _called(self, call: nodes.Call) -> tuple[Plain | None, Macros, str | None]:
        """The macro that is called, those that it may call by their names, and under which name they were imported."""
        match call.node:
            case nodes.Name() as macro:
                return self._own.plain.get(macro.name), self._own, self._from
            case nodes.Getattr(node=nodes.Name() as source) if source.name in self._imported:
                macros = self._imported[source.name]
                return macros.plain.get(call.node.attr), macros, source.name
        return None, self._own, None

    def _body(self, plain: Plain, macros: Macros, source: str | None) -> list[nodes.Node]:
        """The macro's own nodes. What it calls by name is a macro beside it, not one of this template."""
        before = self._own, self._from, self._bound_here
        self._own, self._from, self._bound_here = macros, source, self._bound_here | plain.bound
        self._depth += 1
        try:
            return [self.generic_visit(nodes.Scope([copied(node) for node in plain.macro.body]))]
        finally:
            self._own, self._from, self._bound_here = before
            self._depth -= 1


def within(node: nodes.Node) -> list[nodes.Node]:
    """All nodes of a tree but the first, in no order that matters. Jinja's own way passes each through a generator for
    every level above it."""
    found: list[nodes.Node] = []
    waiting = [node]
    while waiting:
        one = waiting.pop()
        for name in one.fields:
            value = getattr(one, name)
            if isinstance(value, nodes.Node):
                waiting.append(value)
                found.append(value)
            elif isinstance(value, list):
                inner = [each for each in value if isinstance(each, nodes.Node)]
                waiting += inner
                found += inner
    return found


def copied(node: Any) -> Any:
    """A tree of its own, so that what is changed in it does not change where it came from."""
    copy = object.__new__(type(node))
    copy.__dict__.update(node.__dict__)
    for name in node.fields:
        value = getattr(node, name)
        if isinstance(value, nodes.Node):
            setattr(copy, name, copied(value))
        elif isinstance(value, list):
            setattr(copy, name, [copied(v) if isinstance(v, nodes.Node) else v for v in value])
    return copy
