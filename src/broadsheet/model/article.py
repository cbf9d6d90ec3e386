"""An article: what a page says, cleaned, before anybody judges it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from broadsheet.model.images import Image

ArticleType = Literal["article", "video"]


@dataclass(frozen=True, slots=True)
class Provider:
    """Who published it: a name for readers and the registrable domain."""

    name: str
    domain: str

    def as_json(self) -> dict[str, object]:
        """`{name, domain}`."""
        return {"name": self.name, "domain": self.domain}


@dataclass(frozen=True, slots=True)
class Article:
    """What `extract` makes of a page.

    `url` is where it was found (tracking parameters removed), `canonical_url` what the page calls itself.
    `published` and `updated` keep the form that the page gave: ISO 8601 with its zone, or a bare date.
    `images` has the lead first, `logo` is the publisher's.
    `text` has paragraphs parted by an empty line. `embed` is the sanitised HTML of a video's player.
    `is_paywalled` is None where nobody can know. `evidence` says for each value where it was found,
    e.g. `{"title": "json-ld headline"}`; `doubts` why a value may be wrong or is missing, by the same names.
    """

    url: str
    title: str = ""
    canonical_url: str | None = None
    amp_web_url: str | None = None
    cdn_amp_web_url: str | None = None
    excerpt: str | None = None
    text: str = ""
    authors: tuple[str, ...] = ()
    published: str | None = None
    updated: str | None = None
    images: tuple[Image, ...] = ()
    provider: Provider | None = None
    logo: Image | None = None
    language: str | None = None
    type: ArticleType = "article"
    embed: str | None = None
    is_paywalled: bool | None = None
    evidence: Mapping[str, str] = field(default_factory=dict)
    doubts: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """The article as `broadsheet extract` prints it."""
        return {
            "url": self.url,
            "canonicalUrl": self.canonical_url,
            "ampWebUrl": self.amp_web_url,
            "cdnAmpWebUrl": self.cdn_amp_web_url,
            "title": self.title,
            "excerpt": self.excerpt,
            "text": self.text,
            "authors": list(self.authors),
            "publishedDateTime": self.published,
            "updatedDateTime": self.updated,
            "images": [i.as_json() for i in self.images],
            "provider": self.provider.as_json() if self.provider else None,
            "logo": self.logo.as_json() if self.logo else None,
            "language": self.language,
            "type": self.type,
            "featuredContent": self.embed,
            "isPaywalled": self.is_paywalled,
            "evidence": dict(self.evidence),
            "doubts": dict(self.doubts),
        }

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> "Article":
        """The article that `as_json` wrote. Keys that are missing or null take their defaults."""
        provider, logo = row.get("provider") or {}, row.get("logo") or {}
        return cls(
            url=str(row.get("url") or ""),
            title=str(row.get("title") or ""),
            canonical_url=row.get("canonicalUrl"),
            amp_web_url=row.get("ampWebUrl"),
            cdn_amp_web_url=row.get("cdnAmpWebUrl"),
            excerpt=row.get("excerpt"),
            text=str(row.get("text") or ""),
            authors=tuple(row.get("authors") or ()),
            published=row.get("publishedDateTime"),
            updated=row.get("updatedDateTime"),
            images=tuple(Image(i["url"], i.get("width"), i.get("height")) for i in row.get("images") or ()),
            provider=Provider(provider.get("name") or "", provider.get("domain") or "") if provider else None,
            logo=Image(logo["url"], logo.get("width"), logo.get("height")) if logo.get("url") else None,
            language=row.get("language"),
            type="video" if row.get("type") == "video" else "article",
            embed=row.get("featuredContent"),
            is_paywalled=row.get("isPaywalled"),
            evidence=row.get("evidence") or {},
            doubts=row.get("doubts") or {},
        )
