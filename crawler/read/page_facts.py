"""What a page says of itself besides its text and age: title, authors, kind of document."""

import re
from collections.abc import Iterable, Iterator

from crawler.read.clean import one_line
from crawler.read.json_ld import Linked
from crawler.read.marked_dates import is_foreign
from crawler.read.safe_xml import Element

_TITLES = ("og:title", "dc.title", "dcterms.title", "citation_title")
_SEPARATOR = r"[-–—|·:»«•/]"
_AFTER = re.compile(rf"\s*{_SEPARATOR}\s")
_SITE_HEAD = re.compile(
    r"(?:^|\s)(?:header|(?:site|main|top)-?(?:header|title|name)|site-?branding|branding|logo|masthead)(?:\s|$)",
    re.IGNORECASE,
)
_SAME = 0.93  # share of letters that two spellings of one title have in common ("NPC's", "NPC´s")

_AUTHORS = (
    "citation_author", "dc.creator", "dcterms.creator", "dc.creator.personal", "author", "article:author",
    "parsely-author", "sailthru.author", "byl", "og:article:author",
)  # fmt: skip
_BYLINE = (
    ".//*[@itemprop='author']//*[@itemprop='name']",
    ".//*[@itemprop='author']",
    ".//a[contains(concat(' ', @rel, ' '), ' author ')]",
    *(
        f".//*[contains(concat(' ', @class, ' '), ' {name} ')]"
        for name in ("author", "author-name", "post-author", "entry-author", "byline", "auteur", "autor")
    ),
)
_BY = re.compile(
    r"^(?:(?:written|posted|published|reported)\s+by|by|author|authors|door|auteurs?|geschreven\s+door|tekst|von|autor(?:in)?|"
    r"geschrieben\s+von|text|par|автор(?:ы|и)?|текст)\b\s*:?\s+",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"https?:|www\.|@|\d{3}|→|»|^(?:admin(?:istrator)?|redactie|redaktion|editor|webmaster|user|guest|unknown|redakteur)$",
    re.IGNORECASE,
)
_APART = re.compile(r"\s*;\s*")
_AND = re.compile(r"(?:(?<!\s)\s+)?,\s+(?:and\s+)?|(?<!\s)\s+(?:and|en|und|et|и|та|&)\s+")
_LONGEST_NAME = 60  # characters
_LONGEST_BYLINE = 120  # characters
_BYLINES = 4  # names; a page with more names the authors of other pages

_KINDS = ("dcterms.type", "dc.type", "overheid.informationtype", "citation_document_type", "og:type")
_SAYS_NOTHING = frozenset(
    ["website", "webpage", "page", "object", "text", "html", "blog", "other", "node", "http", "https"]
)


def page_title(tree: Element, metas: dict[str, str]) -> str | None:
    """og:title or <title>; where the site's name is glued to it, the heading that is the rest of it."""
    found = [(one_line("".join(h.itertext())), _is_of_site(h)) for h in tree.iter("h1", "h2", "h3")]
    headings = [heading for heading, of_site in found if heading and not of_site]
    declared = one_line(next((metas[name] for name in _TITLES if name in metas), None))
    in_head = next((one_line("".join(t.itertext())) for t in tree.iter("title")), None)
    named = declared or in_head
    if named is None or named in headings:
        return named or next((heading for heading, _ in found if heading), None)
    for fits in (_begins, _ends):
        if heading := next((h for h in headings if fits(named, h)), None):
            return heading
    of_sites = [heading for heading, of_site in found if heading and of_site]
    if heading := next((h for h in of_sites if _begins(named, h) and 2 * len(h) > len(named)), None):
        return heading
    site = one_line(metas.get("og:site_name"))
    shorter = _without_site(named, site, before=True) if site else named
    return next((short for h in of_sites if (short := _without_site(shorter, h)) != shorter), shorter)


def _is_of_site(heading: Element) -> bool:
    """Whether a heading stands in the head of the site, not of the article."""
    for element in (heading, *heading.iterancestors()):
        if element.tag in ("article", "main", "body"):
            return False
        if element.tag == "nav" or _SITE_HEAD.search(f"{element.get('id') or ''} {element.get('class') or ''}"):
            return True
    return False


def _begins(named: str, heading: str) -> bool:
    """Whether `named` is this heading, a separator and the name of the site."""
    return len(heading) >= 8 and named.startswith(heading) and _AFTER.match(named, len(heading)) is not None


def _ends(named: str, heading: str) -> bool:
    """Whether `named` is the name of the site, a separator and this heading, in whatever spelling."""
    parts = re.split(rf"\s*{_SEPARATOR}+\s+", named, maxsplit=1)
    return len(parts) == 2 and _alike(parts[1], heading)


def _alike(one: str, other: str) -> bool:
    from difflib import SequenceMatcher

    first, second = ("".join(filter(str.isalnum, text)).casefold() for text in (one, other))
    return len(first) >= 8 and SequenceMatcher(None, first, second, autojunk=False).ratio() >= _SAME


def _without_site(named: str, site: str, *, before: bool = False) -> str:
    """The title without the name of the site behind it, or where `before` says so also in front of it."""
    name = re.escape(site)
    pattern = rf"\s*{_SEPARATOR}+\s+{name}$" + (rf"|^{name}\s*{_SEPARATOR}+\s+" if before else "")
    return re.sub(pattern, "", named, flags=re.IGNORECASE) or named


def page_authors(main: Element, metas: dict[str, str], linked: Linked) -> tuple[str, ...]:
    """Persons or bodies that the page names as its authors: JSON-LD, meta, byline; addresses and "admin" are none."""
    found = _persons(linked.authors)
    for name in _AUTHORS:
        found = found or _persons([metas.get(name, "")])
    for path in _BYLINE:
        found = found or _few(_persons(_bylines(main, path)))
    return found


def _bylines(main: Element, path: str) -> Iterator[str]:
    """The words of the bylines of the page itself; in comments and lists of other pages stand other people."""
    for element in main.xpath(path):
        words = " ".join(" ".join(element.itertext()).split())
        if len(words) <= _LONGEST_BYLINE and not is_foreign(element, main):
            yield words


def _few(names: tuple[str, ...]) -> tuple[str, ...]:
    """The names, without those that say another one again; none where too many are named to be all meant."""
    own = tuple(name for name in names if not any(other != name and other in name for other in names))
    return own if len(own) <= _BYLINES else ()


def _persons(written: Iterable[str]) -> tuple[str, ...]:
    """The names in bylines; none where one is a sentence, an address or a role."""
    lines = (_BY.sub("", one_line(line) or "") for line in written)
    names = (name.strip(" ,.|–-") for line in lines for part in _APART.split(line) for name in _each(part))
    kept = (n for n in names if 2 < len(n) <= _LONGEST_NAME and not _NO_NAME.search(n) and len(n.split()) <= 7)
    return tuple(dict.fromkeys(kept))


def _each(part: str) -> list[str]:
    """ "Ann Lee and Bo Ray" is two; "Ministry of Justice and Security" is one."""
    names = _AND.split(part)
    whole = all(len(name.split()) >= 2 and not re.search(r"\b(?:of|van|für|des|for|voor)\b", name) for name in names)
    return names if whole else [part]


def document_kind(metas: dict[str, str], linked: Linked) -> str | None:
    """What kind of document the page calls itself (Report, NewsArticle, Kamerbrief, article), or None."""
    if linked.kind:
        return linked.kind
    named = (one_line(metas.get(name)) for name in _KINDS)
    return next((kind for kind in named if kind and len(kind) <= 60 and kind.lower() not in _SAYS_NOTHING), None)
