"""Articles as the pages of their publishers, each in its own kind of HTML."""

import json
from datetime import datetime, timedelta, timezone

from draw.gallery import CAPTIONS
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from reading import HERE, Article, Publisher

_LAYOUTS = Environment(
    loader=FileSystemLoader(HERE / "layouts"), autoescape=True, undefined=StrictUndefined, trim_blocks=False
)
_SPRING_DE = ("Januar", "Februar", "März", "April", "Mai", "Juni")
_MONTHS_DE = (*_SPRING_DE, "Juli", "August", "September", "Oktober", "November", "Dezember")


def page(article: Article, earlier: list[Article], *, modified: datetime | None = None) -> bytes:
    """The page; `earlier` are the same publisher's articles that it links to."""
    publisher = article.publisher
    layout = _LAYOUTS.get_template(f"{publisher.layout}.html")
    published = article.get("pagedate") or local_iso(article.when, publisher)
    names = {
        "p": publisher,
        "a": article,
        "image": article.image_url,
        "caption": CAPTIONS.get(article.get("picture").partition("/")[0], ""),
        "published": published,
        "modified": local_iso(modified, publisher) if modified else "",
        "spelled": _spelled(article),
        "clock": f"{article.local:%H:%M}",
        "related": earlier[-4:],
        "tags": [tag.strip() for tag in article.get("topics").split(",") if tag.strip()],
    }
    return layout.render(**names, data=Markup(_linked_data(article, published, modified))).encode()


def local_iso(when: datetime, publisher: Publisher) -> str:
    """The instant in ISO 8601 with the publisher's own zone."""
    return when.astimezone(timezone(timedelta(hours=publisher.offset))).isoformat()


def _spelled(article: Article) -> str:
    """The day as the publisher writes it out."""
    if article.get("pagedate"):
        wrong = datetime.fromisoformat(article.get("pagedate"))
        return f"{wrong.day} {wrong:%B %Y}"
    local = article.local
    if article.publisher.language == "de":
        return f"{local.day}. {_MONTHS_DE[local.month - 1]} {local.year}"
    if article.publisher.language == "ja":
        return f"{local.year}年{local.month}月{local.day}日"
    return f"{local.day} {local:%B %Y}"


def _linked_data(article: Article, published: str, modified: datetime | None) -> str:
    """schema.org data as JSON; safe inside a script element."""
    publisher = article.publisher
    data: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "VideoObject" if article.get("video") else "NewsArticle",
        "headline": article.get("title"),
        "description": article.get("lede"),
        "datePublished": published,
        "mainEntityOfPage": article.url,
        "publisher": {
            "@type": "Organization",
            "name": publisher.name,
            "logo": {"@type": "ImageObject", "url": f"{publisher.home}/logo-400x400.png"},
        },
    }
    if modified:
        data["dateModified"] = local_iso(modified, publisher)
    if article.get("author"):
        data["author"] = [{"@type": "Person", "name": article.get("author")}]
    if article.image_url:
        data["image"] = [article.image_url]
    if publisher.paywalled:
        data["isAccessibleForFree"] = article.get("free") == "yes"
    data |= _video(article, published)
    return json.dumps(data, ensure_ascii=False, indent=1).replace("</", "<\\/")


def _video(article: Article, published: str) -> dict[str, object]:
    if not article.get("video"):
        return {}
    return {
        "name": article.get("title"),
        "uploadDate": published,
        "thumbnailUrl": article.image_url,
        "duration": f"PT{article.get('length')}M",
        "embedUrl": f"https://www.youtube-nocookie.com/embed/{article.get('video')}",
    }
