"""Hostile words: of our own, and those of the lists that lie beside the checkout."""

import json
import re
from pathlib import Path

WORDS = (
    "<script>location='//bad.example'</script>",
    "&#60;script&#62;x&#60;/script&#62; &#x3c;i&#x3e; &#x202e; &#0;",
    "&lt;b onclick=x&gt; twice escaped &amp;amp;lt;i&amp;amp;gt;",
    "'\"><img src=q onerror=x> and </title></style></textarea>",
    "{{ config }} {% include 'secret' %} {# gone #} ${HOME} <%= 1 %>",
    "---\nkey: value\n---\n# heading",
    "key: &a [*a, *a] !!python/name:os.system",
    "'single' \"double\" \\ back \\\" both \\' slashes\\",
    "no", "0x1F", "12e03", ".inf", "2026-11-20T08:00:00Z", "?", "- item", "|", ">-", "@x", "`x`", "%TAG ! x", "[a", "{a",
    "=HYPERLINK(1)", "-rf --output=x", "$(touch x) `touch x` ; touch x",
    "../../../../tmp/x", "..\\..\\x", "/dev/null", "nul.txt", "x\x00y", "%2e%2e%2fx",
    "red \x1b[31m alarm \x07 title \x1b]0;x\x07 back \x08\x08 \x9b2J \x7f",
    "left \u202eright\u202c \u2066isolated\u2069 \u2028 line \u2029 paragraph \x85 next",
    "soft\u00adhyphen, j\u200co\u200din, family \U0001f468\u200d\U0001f469\u200d\U0001f467",
    "a\u0301" * 40 + " \ufffe \uffff \U0001fffe \udc80"[:-1],
    "[text](javascript:x) ![i](data:x) <http://127.0.0.1/>",
    "]]> <![CDATA[ x ]]> <!-- <?php ?> <!--#include x--> -->",
    "\\u003cscript\\u003e \\x3c \\n \\0",
    "Re: x\r\nX-Header: y",
    "[bold]markup[/bold] [link=http://bad.example]rich[/link] [/] \\[x]",
    "w" * 300,
    "word " * 99,
    "javascript:alert(1)", "data:text/html,<b>x", "//bad.example/x", "http://bad.example:99999/", "https://[::1", "file:///x",
)  # fmt: skip
"""As a publisher may send them in any field."""
CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff]")


def normal(said: str) -> str:
    """What is left of a text that a publisher sent: blanks folded, invisible marks gone, controls replaced."""
    for mark in "\u200b\u00ad\ufeff":
        said = said.replace(mark, "")
    return " ".join(CONTROLS.sub("\ufffd", said).split())


def known_attacks(shared: Path) -> set[str]:
    found: set[str] = set()
    for name in ("inject.jsonl", "xss.jsonl"):
        for line in (shared / "data" / "security" / name).read_text("utf-8").splitlines():
            said = json.loads(line)["input"]
            found.add(said.get("title") or said.get("html"))
    return found


def bodies(shared: Path) -> set[str]:
    """The HTML bodies among them."""
    lines = (shared / "data" / "security" / "xss.jsonl").read_text("utf-8").splitlines()
    return {json.loads(line)["input"]["html"] for line in lines}
