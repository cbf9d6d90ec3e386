"""Settings, topics and publishers as YAML, read strictly: nothing is guessed, and nothing can blow up.

Every error is a SettingsError that begins with the file and the line. Refused are duplicate keys, custom tags, anchors
and aliases (unless asked for), several documents, nesting deeper than 32, and files of more than 256 KiB.
"""

from collections.abc import Hashable, Iterator
from typing import Any, NoReturn

import yaml
from yaml.constructor import ConstructorError
from yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent, Event, NodeEvent, ScalarEvent
from yaml.nodes import MappingNode, Node

from broadsheet.errors import SettingsError

MAX_CHARACTERS = 256 * 1024
MAX_DEPTH = 32
MAX_NODES = 20_000

_Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Lines(dict[str, Any]):
    """A mapping that remembers where its keys stand: `lines[key]` is a line, counted from 1."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[Hashable, int] = {}


def line_of(mapping: object, key: Hashable) -> int:
    """The line on which `key` of a mapping that `load_yaml` returned stands; 1 where that isn't known."""
    return mapping.lines.get(key, 1) if isinstance(mapping, Lines) else 1


def load_yaml(text: str, *, name: str, allow_anchors: bool = False, as_text: bool = False) -> object:
    """The one document in `text`; mappings are `Lines`, and an empty document is None.

    `name` is the file as the reader of an error should see it. With `as_text` no scalar is taken for a number, a date
    or a truth value: all are strings. With `allow_anchors` aliases and merge keys work, their expansion bounded.
    Raises SettingsError.
    """
    if len(text) > MAX_CHARACTERS:
        raise SettingsError(f"{name}: more than {MAX_CHARACTERS // 1024} KiB, too large for a settings file")
    try:
        _refuse_tricks(text, name, allow_anchors)
        return _Strict(text, as_text=as_text).get_single_data()
    except yaml.MarkedYAMLError as error:
        raise SettingsError(_told(name, error)) from error
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        raise SettingsError(f"{name}: {_one_line(str(error))}") from error


def split_front_matter(text: str) -> tuple[str, str]:
    """The YAML between two lines of `---`, and what follows. The YAML is empty where the text has no front matter.

    The YAML keeps its line numbers when one line is added, as the first `---` is cut off.
    """
    if not text.startswith("---\n"):
        return "", text
    if text.startswith("---\n---\n"):
        return "", text[8:]
    matter, found, rest = text[4:].partition("\n---\n")
    if not found and text.endswith("\n---"):
        return text[4:-3], ""
    return (matter + "\n", rest) if found else ("", text)


class _Strict(_Loader):  # type: ignore[misc]  # the C loader where PyYAML has it, else the Python one
    """The safe loader, with lines remembered and duplicate keys refused."""

    def __init__(self, text: str, *, as_text: bool) -> None:
        super().__init__(text)
        if as_text:
            self.yaml_implicit_resolvers: dict[str, object] = {}

    def construct_lines(self, node: MappingNode) -> Iterator[Lines]:
        mapping = Lines()
        yield mapping
        self._refuse_duplicates(node)
        own = {id(key) for key, _ in node.value}
        self.flatten_mapping(node)
        for key_node, value_node in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, Hashable):
                raise ConstructorError(None, None, "a key must be a single value", key_node.start_mark)
            mapping[key] = self.construct_object(value_node, deep=True)  # type: ignore[index]
            mapping.lines[key] = (key_node if id(key_node) in own else node).start_mark.line + 1

    def _refuse_duplicates(self, node: MappingNode) -> None:
        seen: set[tuple[str, str]] = set()
        for key, _ in node.value:
            name = (key.tag, str(key.value))
            if name in seen:
                raise ConstructorError(None, None, f"the key {key.value!r} stands twice", key.start_mark)
            seen.add(name)

    def refuse_tag(self, node: Node) -> None:
        raise ConstructorError(None, None, f"the tag {node.tag} is not allowed", node.start_mark)


_Strict.add_constructor("tag:yaml.org,2002:map", _Strict.construct_lines)
_Strict.add_constructor(None, _Strict.refuse_tag)


def _refuse_tricks(text: str, name: str, allow_anchors: bool) -> None:
    """Looks at the events one by one, so that nothing is built before it is known to be harmless."""
    budget = _Budget(name, allow_anchors)
    for event in yaml.parse(text, Loader=_Loader):
        budget.take(event)


class _Budget:
    """Counts depth and nodes, an alias for as many as it stands for."""

    def __init__(self, name: str, allow_anchors: bool) -> None:
        self.name, self.allow_anchors = name, allow_anchors
        self.nodes = 0
        self.sizes: dict[str, int] = {}
        self.open: list[tuple[str | None, int]] = []

    def take(self, event: Event) -> None:
        if isinstance(event, NodeEvent):
            self._take_node(event)
        if isinstance(event, CollectionEndEvent):
            anchor, before = self.open.pop()
            if anchor:
                self.sizes[anchor] = self.nodes - before
        if self.nodes > MAX_NODES:
            self._refuse(event, f"more than {MAX_NODES} values")
        if len(self.open) > MAX_DEPTH:
            self._refuse(event, f"nested deeper than {MAX_DEPTH}")

    def _take_node(self, event: NodeEvent) -> None:
        if event.anchor and not self.allow_anchors:
            kind = "an alias" if isinstance(event, AliasEvent) else "an anchor"
            self._refuse(event, f"{kind} ({event.anchor}): write the value out instead")
        if isinstance(event, AliasEvent):
            # An alias inside of its own anchor would never end; it has no size yet.
            size = self.sizes.get(event.anchor or "")
            if size is None:
                self._refuse(event, f"the alias {event.anchor} stands for nothing")
            self.nodes += size
            return
        if isinstance(event, (ScalarEvent, CollectionStartEvent)) and event.tag is not None:
            self._refuse(event, f"the tag {event.tag} is not allowed")
        self.nodes += 1
        if isinstance(event, CollectionStartEvent):
            self.open.append((event.anchor, self.nodes - 1))
        elif event.anchor:
            self.sizes[event.anchor] = 1

    def _refuse(self, event: Event, reason: str) -> NoReturn:
        line = event.start_mark.line + 1 if event.start_mark else 1
        raise SettingsError(f"{self.name}:{line}: {reason}")


def _told(name: str, error: yaml.MarkedYAMLError) -> str:
    mark = error.problem_mark or error.context_mark
    return f"{name}:{mark.line + 1 if mark else 1}: {_one_line(error.problem or error.context or 'not YAML')}"


def _one_line(text: str) -> str:
    return " ".join(text.split())[:300]
