"""Writing a source into `broadsheet.toml` without touching what a person wrote there, and into the registry."""

import json
from collections.abc import Sequence

from broadsheet.model.source import Source, SourceKind


def source_block(source: Source) -> str:
    """A `[[sources]]` block. TOML's basic strings are JSON's, apart from DEL, which has no place in an address."""
    lines = ["[[sources]]", f"url = {_quoted(source.url)}"]
    if source.kind is not SourceKind.FEED:
        lines.append(f"kind = {_quoted(source.kind.value)}")
    if source.name:
        lines.append(f"name = {_quoted(source.name)}")
    if source.official:
        lines.append("official = true")
    if source.tags:
        lines.append(f"tags = [{', '.join(_quoted(tag) for tag in source.tags)}]")
    return "\n".join(lines) + "\n"


def with_sources(text: str, sources: Sequence[Source]) -> str:
    """The text of `broadsheet.toml` with these sources at its end."""
    return text.rstrip("\n") + "\n" + "".join(f"\n{source_block(s)}" for s in sources)


def organization_file(name: str, domain: str) -> str:
    """A publisher's file in the form of `_data/organizations/<domain>.md`; to be listed is to be trusted."""
    front = ["taxonomy: organization", f"_id: {domain}", f"name: {_quoted(name)}", f"domain: {domain}"]
    return "---\n" + "\n".join(front) + "\n---\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
