"""What a page says of itself in JSON-LD (schema.org): dates, authors and kind of the document that it holds."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler.read.clean import one_line
from crawler.read.safe_json import loads
from crawler.read.safe_xml import Element

# schema.org types of documents; the page around them says less, everything else is about something else.
_DOCUMENTS = frozenset(
    [
        "Article",
        "NewsArticle",
        "AnalysisNewsArticle",
        "AskPublicNewsArticle",
        "BackgroundNewsArticle",
        "OpinionNewsArticle",
        "ReportageNewsArticle",
        "ReviewNewsArticle",
        "Report",
        "ScholarlyArticle",
        "TechArticle",
        "BlogPosting",
        "LiveBlogPosting",
        "Blog",
        "SocialMediaPosting",
        "DiscussionForumPosting",
        "SatiricalArticle",
        "AdvertiserContentArticle",
        "DigitalDocument",
        "TextDigitalDocument",
        "Legislation",
        "PublicationIssue",
        "Book",
        "Thesis",
        "Dataset",
        "SpecialAnnouncement",
    ]
)
_PAGES = frozenset(
    ["WebPage", "ItemPage", "AboutPage", "ProfilePage", "MedicalWebPage", "CollectionPage", "FAQPage", "CreativeWork"]
)
# What stands below these keys is another work: its comments, its pictures, the next article.
_OTHERS = frozenset(
    [
        "comment",
        "comments",
        "image",
        "video",
        "audio",
        "author",
        "creator",
        "publisher",
        "isPartOf",
        "hasPart",
        "mentions",
        "citation",
        "about",
        "relatedLink",
        "itemListElement",
        "isBasedOn",
        "review",
        "associatedMedia",
        "thumbnail",
        "logo",
        "contributor",
        "editor",
        "sponsor",
        "recordedAs",
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """The stamps and names as written; None and empty where nothing is said."""

    published: str | None = None
    modified: str | None = None
    authors: tuple[str, ...] = ()
    kind: str | None = None  # schema.org type of the document: NewsArticle, Report ...
    several: bool = False  # the page describes several documents and none of them by this address


def linked(tree: Element, url: str | None) -> Linked:
    """What the JSON-LD of a page says of the document: its node by type, before the node of the page around it.

    Among several documents of one type the one with this address is taken, else the first.
    """
    ranked = sorted(_works(tree), key=lambda work: work[0])
    documents = [node for rank, node in ranked if rank == 0]
    own = [node for node in documents if _is_here(node, url)] or documents[:1]
    nodes = [*own, *(node for rank, node in ranked if rank)]
    return Linked(
        published=_first(nodes, "datePublished"),
        modified=_first(nodes, "dateModified"),
        authors=_names(own[0].get("author") or own[0].get("creator")) if own else (),
        kind=next((name for name in _types(own[0]) if name in _DOCUMENTS), None) if own else None,
        several=len({str(node.get("datePublished")) for node in documents}) > 1 and not _is_here(own[0], url),
    )


def _first(nodes: list[dict[str, object]], key: str) -> str | None:
    return next((value for node in nodes if isinstance(value := node.get(key), str) and value.strip()), None)


def _works(tree: Element) -> Iterator[tuple[int, dict[str, object]]]:
    """Every node that may be the document (0), the page (1) or something without a type (2)."""
    for script in tree.iterfind(".//script[@type='application/ld+json']"):
        for node in _nodes(script.text or ""):
            types = _types(node)
            if types & _DOCUMENTS:
                yield 0, node
            elif types & _PAGES:
                yield 1, node
            elif not types:
                yield 2, node


def _types(node: dict[str, object]) -> set[str]:
    written = node.get("@type")
    names = written if isinstance(written, list) else [written]
    return {name.rpartition("/")[2].rpartition(":")[2] for name in names if isinstance(name, str)}


def _nodes(source: str) -> Iterator[dict[str, object]]:
    """The objects of a script, outermost first, without the works they mention; what is no JSON says nothing."""
    try:
        waiting = deque([loads(source.strip().removesuffix(";"), strict=False)])
    except (ValueError, RecursionError):
        return
    while waiting:
        node = waiting.popleft()
        if isinstance(node, list):
            waiting.extend(node)
        elif isinstance(node, dict):
            yield node
            waiting.extend(v for key, v in node.items() if isinstance(v, dict | list) and key not in _OTHERS)


def _is_here(node: dict[str, object], url: str | None) -> bool:
    named = [node.get("url"), node.get("@id"), node.get("mainEntityOfPage")]
    named += [value.get("@id") for value in named if isinstance(value, dict)]
    return url is not None and any(isinstance(name, str) and _place(name) == _place(url) for name in named)


def _place(address: str) -> tuple[str, str] | None:
    """Host and path, without what differs between two spellings of one address."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return (parts.hostname or "").removeprefix("www."), parts.path.rstrip("/")


def _names(value: object) -> tuple[str, ...]:
    """Names of persons or bodies, each written as a string or as an object with a name."""
    found: list[str] = []
    for one in value if isinstance(value, list) else [value]:
        name = one.get("name") if isinstance(one, dict) else one
        found += [str(part) for part in (name if isinstance(name, list) else [name]) if isinstance(part, str)]
    return tuple(name for name in map(one_line, found) if name)
