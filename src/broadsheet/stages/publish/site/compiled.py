"""Templates compiled for one site: what is the same on all of its pages is worked out once, not on each page.

Jinja compiles a template without knowing what its globals are: each page looks up the same words, quotes the same
addresses and escapes them again. Here the compiler is given them. An expression of nothing but these and constants
(`w("skip")`, `at("days/")`) becomes text of the template, escaped as it would have been; the site's functions are
called, and in the templates that matter attributes are read, as Python does it. A template says nothing of all this,
and gives the same page.
"""

import keyword
from collections.abc import Iterable, Mapping, MutableMapping
from typing import Any

from jinja2 import BytecodeCache, Environment, PackageLoader, StrictUndefined, nodes
from jinja2.bccache import Bucket
from jinja2.compiler import CodeGenerator, Frame
from jinja2.nodes import Extends, Node
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from broadsheet.stages.publish.site.inlining import Inlining, Macros, copied, macros_among, within

_PACKAGE = "broadsheet.stages.publish.site"
_TYPED = frozenset({"day.html", "frame.html", "parts.html", "provider.html", "story.html", "topic.html"})
"""The templates of which every page has its share. They are given objects only, never a mapping whose keys a template
would name as if they were attributes."""
_RARE = frozenset(
    ("about.html", "corrections.html", "days.html", "feeds.html", "letter.html", "letters.html", "missing.html",
     "moved.html", "providers.html", "search.html", "sources.html")
)  # fmt: skip
"""The templates of which there are few pages: to put what is known into them takes longer than it saves."""
_TEXT = (str, int)  # a template's constants; whatever else an expression gives stays an expression


class SiteTemplates(Environment):
    """The templates of one site. `known` are the globals that no page gives another value; `identity` says what they
    depend on, so that the compiled code is used again for the same site only."""

    code_generator_class: type[CodeGenerator]

    def __init__(self, known: Mapping[str, Any], identity: str) -> None:
        super().__init__(
            loader=PackageLoader(_PACKAGE),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=StrictUndefined,
            auto_reload=False,
            optimized=False,  # what is constant is put in place below, once
            bytecode_cache=_Compiled(identity),
        )
        self.known = known
        self._offered: dict[str, Macros] = {}
        self._read: dict[str, nodes.Template] = {}
        self.globals.update(known)

    @staticmethod
    def escaped(value: object) -> str:
        """Any value as text of a page: markup as it is, all else with the five characters of HTML escaped.

        What MarkupSafe's `escape` gives, but plain text stays plain: it only goes into a page.
        """
        if type(value) is int:
            return str(value)
        if type(value) is not str:
            return value if type(value) is Markup else escape(value)
        if not ("&" in value or ">" in value or "<" in value or "'" in value or '"' in value):
            return value  # as most text: to look is cheaper than to replace nothing
        return (
            value.replace("&", "&amp;")
            .replace(">", "&gt;")
            .replace("<", "&lt;")
            .replace("'", "&#39;")
            .replace('"', "&#34;")
        )

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """One plain mapping, copied quickly for each page; globals do not change once there are templates."""
        return {**self.globals, **(d or {})}

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """Jinja's hook for reading a template: one that others import was read for them."""
        return self._read.pop(source, None) or super()._parse(source, name, filename)

    def _generate(self, source: nodes.Template, name: str | None, *args: Any, **options: Any) -> str:
        """Jinja's hook between reading a template and writing its code."""
        if name in _RARE:
            return super()._generate(source, name, *args, **options)
        template = _Folding(self, source).visit(source)
        imports = [(i.target, i.template) for i in source.body if isinstance(i, nodes.Import)]
        imported = {target: self._macros(file.value) for target, file in imports if isinstance(file, nodes.Const)}
        whole = _without_idle_imports(Inlining(template, imported).visit(template))
        return super()._generate(whole, name, *args, **options)

    def _macros(self, name: str) -> Macros:
        """The macros of a template that others import."""
        if name not in self._offered:
            assert self.loader is not None  # noqa: S101 - given above
            source = self.loader.get_source(self, name)[0]
            template = self.parse(source, name)
            self._read[source] = copied(template)
            self._offered[name] = macros_among(_Folding(self, template).visit(template).body)
        return self._offered[name]


def _without_idle_imports(template: nodes.Template) -> nodes.Template:
    """Of a template that stands for itself: without imports whose macros were all put in place."""
    if next(template.find_all((nodes.Extends, nodes.Include)), None) is None:
        named = {name.name for name in template.find_all(nodes.Name) if name.ctx == "load"}
        template.body = [n for n in template.body if not isinstance(n, nodes.Import) or n.target in named]
    return template


class _Compiled(BytecodeCache):
    """Keeps compiled templates for the further builds of this process; forgets all when it has those of many sites."""

    _codes: dict[str, bytes] = {}  # noqa: RUF012 - shared by all on purpose
    _MOST = 400

    def __init__(self, identity: str) -> None:
        self._identity = identity

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fills the bucket where its template was compiled before."""
        code = self._codes.get(self._identity + bucket.key)
        if code is not None:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keeps what was compiled."""
        if len(self._codes) >= self._MOST:
            self._codes.clear()
        self._codes[self._identity + bucket.key] = bucket.bytecode_to_string()


class _Folding(NodeTransformer):
    """Puts the values of expressions that are known in the place of the expressions."""

    def __init__(self, templates: SiteTemplates, template: nodes.Template) -> None:
        self._templates = templates
        self._stored = [n.name for n in within(template) if isinstance(n, nodes.Name) and n.ctx != "load"]
        self._known = {name: value for name, value in templates.known.items() if name not in self._stored}

    def generic_visit(self, node: nodes.Node, *args: Any, **options: Any) -> nodes.Node:
        """From the outside in: the whole of an expression where it is known, else what is known of its parts."""
        if isinstance(node, nodes.Expr) and not isinstance(node, nodes.Literal):
            try:
                value = self._value(node)
            except (
                nodes.Impossible,
                LookupError,
                TypeError,
                ValueError,
            ):  # what is wrong shows on the page that has it
                value = None
            if isinstance(value, _TEXT):
                return nodes.Const(value, lineno=node.lineno)
        return super().generic_visit(node, *args, **options)

    def visit_For(self, node: nodes.For) -> nodes.Node | list[nodes.Node]:  # noqa: N802 - Jinja's name
        """A loop over what is known, such as the topics, becomes its turns one after the other."""
        try:
            items = self._value(node.iter)
        except nodes.Impossible:
            return self.generic_visit(node)
        name = node.target.name if isinstance(node.target, nodes.Name) else ""
        plain = name and not (node.test or node.else_ or node.recursive) and self._stored.count(name) == 1
        if not plain or not isinstance(items, tuple) or any(n.name == "loop" for n in node.find_all(nodes.Name)):
            return self.generic_visit(node)
        return [self._turn(node, name, item) for item in items]

    def _turn(self, node: nodes.For, name: str, item: object) -> nodes.Node:
        self._known[name] = item
        try:
            return self.generic_visit(nodes.Scope([copied(part) for part in node.body], lineno=node.lineno))
        finally:
            del self._known[name]

    def _value(self, node: nodes.Node) -> Any:
        """The value of an expression. Raises Impossible where it is not known."""
        match node:
            case nodes.Const():
                return node.value
            case nodes.Name(ctx="load") if node.name in self._known:
                return self._known[node.name]
            case nodes.Getattr():
                return self._attribute(node)
            case nodes.Call(dyn_args=None, dyn_kwargs=None):
                named = {pair.key: self._value(pair.value) for pair in node.kwargs}
                return self._value(node.node)(*(self._value(arg) for arg in node.args), **named)
            case nodes.Concat():
                return "".join(str(self._value(part)) for part in node.nodes)
            case nodes.Filter(name="replace", node=nodes.Expr() as replaced):
                return str(self._value(replaced)).replace(*(self._value(arg) for arg in node.args))
        raise nodes.Impossible

    def _attribute(self, node: nodes.Getattr) -> Any:
        owner = self._value(node.node)
        if not hasattr(owner, node.attr):
            raise nodes.Impossible
        return getattr(owner, node.attr)


class _Generator(CodeGenerator):
    """Reads attributes and calls the site's own functions without Jinja's detours.

    Jinja's own way also looks for items of mappings, and asks each function whether it wants the context; the templates
    of every page need not the one, and no function of the site the other.
    """

    def write_commons(self) -> None:
        """What each function of a template begins with: here it takes our `escape` for Jinja's."""
        super().write_commons()
        self.writeline("escape = environment.escaped")

    def blockvisit(self, nodes: Iterable[Node], frame: Frame) -> None:
        """A block, and what others extend, hand over their text as a whole, not piece by piece through all the
        templates that they are part of."""
        nodes = list(nodes)
        whole = frame.block_frame or (frame.rootlevel and not any(isinstance(n, Extends) for n in nodes))
        if not whole or frame.buffer is not None:
            super().blockvisit(nodes, frame)
            return
        self.buffer(frame)
        super().blockvisit(nodes, frame)
        self.writeline(f"yield concat({frame.buffer})")

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802 - Jinja's name
        """An attribute, as Python reads it."""
        if self.name not in _TYPED or keyword.iskeyword(node.attr):
            super().visit_Getattr(node, frame)
            return
        self.visit(node.node, frame)
        self.write(f".{node.attr}")

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: N802
        """A function of the site, or one of its methods, is called at once; a macro needs what Jinja gives it."""
        if forward_caller or node.dyn_args or node.dyn_kwargs or not self._is_the_sites(node.node):
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.visit(node.node, frame)
        self.write("(")
        for argument in (*node.args, *node.kwargs):
            self.visit(argument, frame)
            self.write(", ")
        self.write(")")

    def _is_the_sites(self, node: nodes.Node) -> bool:
        while isinstance(node, nodes.Getattr):
            node = node.node
        known = self.environment.known if isinstance(self.environment, SiteTemplates) else {}
        return isinstance(node, nodes.Name) and node.name in known


SiteTemplates.code_generator_class = _Generator
