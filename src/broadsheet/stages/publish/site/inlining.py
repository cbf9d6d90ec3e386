"""Macros put where they are called: a page of ten reports calls hundreds, and each call costs more than its text.

`{{ p.head(view.title, lang) }}` becomes the macro's body, with its parameters bound as `{% with %}` binds names. Done
only where that is the same: the call stands for itself in `{{ }}`, the macro takes no `caller` and no rest of
arguments, and no name that it takes from around itself means another thing where it is called.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from jinja2 import nodes
from jinja2.visitor import NodeTransformer

_DEEPEST = 3
"""So many calls within calls are put in place. Templates do not recur, but nobody forbids it."""
_OF_THE_CALLER = frozenset({"caller", "varargs", "kwargs"})

Macros = Mapping[str, nodes.Macro]


def macros_in(template: nodes.Template) -> dict[str, nodes.Macro]:
    """The macros that a template offers to those that import it, those that can be put in place."""
    return {m.name: m for m in template.body if isinstance(m, nodes.Macro) and _is_plain(m)}


def _is_plain(macro: nodes.Macro) -> bool:
    return not any(name.name in _OF_THE_CALLER for name in macro.find_all(nodes.Name))


class Inlining(NodeTransformer):
    """Puts macros in the place of their calls. `imported` are the macros of each name under which a template imports
    others."""

    def __init__(self, template: nodes.Template, imported: Mapping[str, Macros]) -> None:
        own = [m for m in template.find_all(nodes.Macro) if _is_plain(m)]
        self._own = {m.name: m for m in own if sum(m.name == other.name for other in own) == 1}
        self._imported = imported
        self._depth = 0
        self._bound_here = _bound_in(template)

    def visit_Output(self, node: nodes.Output) -> list[nodes.Node]:  # noqa: N802 - Jinja's name
        """The output in pieces, with the bodies of macros between them."""
        return list(self._pieces(node))

    def _pieces(self, node: nodes.Output) -> Iterator[nodes.Node]:
        run: list[nodes.Expr] = []
        for child in node.nodes:
            bound = self._bound(child) if isinstance(child, nodes.Call) else None
            if bound is None:
                run.append(child)
                continue
            if run:
                yield nodes.Output(run, lineno=node.lineno)
            run = []
            yield bound
        if run:
            yield nodes.Output(run, lineno=node.lineno)

    def _bound(self, call: nodes.Call) -> nodes.With | None:
        """The macro's body with its parameters bound, None where the call must stay one."""
        macro, macros = self._called(call)
        if macro is None or self._depth >= _DEEPEST or call.dyn_args or call.dyn_kwargs:
            return None
        names = [arg.name for arg in macro.args]
        given = dict(zip(names[len(names) - len(macro.defaults) :], macro.defaults, strict=True))
        given.update(zip(names, call.args, strict=False))
        given.update({pair.key: pair.value for pair in call.kwargs})
        if set(given) != set(names) or len(call.args) > len(names) or _meant_elsewhere(macro) & self._bound_here:
            return None
        targets: list[nodes.Expr] = [nodes.Name(name, "param") for name in names]
        values = [given[name] for name in names]
        return nodes.With(targets, values, self._body(macro, macros), lineno=call.lineno)

    def _called(self, call: nodes.Call) -> tuple[nodes.Macro | None, Macros]:
        """The macro that is called, and those that it may call by their names."""
        match call.node:
            case nodes.Name():
                return self._own.get(call.node.name), self._own
            case nodes.Getattr(node=nodes.Name() as owner) if owner.name in self._imported:
                macros = self._imported[owner.name]
                return macros.get(call.node.attr), macros
        return None, {}

    def _body(self, macro: nodes.Macro, macros: Macros) -> list[nodes.Node]:
        """What the macro calls by name is a macro beside it, not one of this template."""
        own, self._own = self._own, dict(macros)
        bound, self._bound_here = self._bound_here, self._bound_here | _bound_in(macro)
        self._depth += 1
        try:
            body = nodes.Scope([copied(node) for node in macro.body])
            return [self.generic_visit(body)]
        finally:
            self._own, self._bound_here = own, bound
            self._depth -= 1


def _bound_in(node: nodes.Node) -> frozenset[str]:
    """The names that get a value somewhere in it."""
    return frozenset(name.name for name in node.find_all(nodes.Name) if name.ctx != "load")


def _meant_elsewhere(macro: nodes.Macro) -> frozenset[str]:
    """The names whose values come from outside the macro: a place that gives one another value must call it."""
    return frozenset(name.name for name in macro.find_all(nodes.Name)) - _bound_in(macro)


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
