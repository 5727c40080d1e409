"""Pages as HTML in three habits of the web (skins/): a news site, an old site of nested divs, a public office."""

import json
import re
from datetime import date
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import urljoin

from babel.dates import format_date

from tests.web.builder.texts import Page, State, Web

SKINS = Path(__file__).parents[1] / "skins"
_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
_WORDS = {
    "en": {"home": "Home", "news": "News", "reports": "Reports", "about": "About us", "contact": "Contact",
           "also": "Read also", "letter": "Subscribe to our newsletter", "share": "Share"},
    "nl": {"home": "Home", "news": "Nieuws", "reports": "Rapporten", "about": "Over ons", "contact": "Contact",
           "also": "Lees ook", "letter": "Meld u aan voor de nieuwsbrief", "share": "Delen"},
    "ru": {"home": "Главная", "news": "Новости", "reports": "Материалы", "about": "О нас", "contact": "Контакты",
           "also": "Читайте также", "letter": "Подпишитесь на рассылку", "share": "Поделиться"},
}  # fmt: skip


def spoken_date(page: Page, language: str, day: date | None = None) -> str:
    """The date as a reader sees it, as precise as it is known: '20 April 2022', 'апрель 2022', '2023'."""
    shown = day or page.last_day
    if page.is_exact or shown != page.last_day:
        return str(format_date(shown, "d MMMM y", locale=language))
    return page.published if len(page.published) == len("2022") else str(format_date(shown, "LLLL y", locale=language))


def date_element(page: Page, web: Web) -> str:
    """The date as an element: a day as <time>, a month as words only; nothing where only the year is known."""
    if page.is_exact:
        return f'<time class="date" datetime="{page.published}">{spoken_date(page, web.language)}</time>'
    is_month = len(page.published) == len("2022-04")
    return f'<span class="date">{spoken_date(page, web.language)}</span>' if is_month else ""


def body_html(text: str, base: str) -> str:
    """The few marks of our texts as HTML: paragraphs, '## ' headings, '- ' lists, [words](link)."""
    return "\n".join(_block(block.strip(), base) for block in text.strip().split("\n\n") if block.strip())


def _block(block: str, base: str) -> str:
    if block.startswith("## "):
        return f"<h2>{_inline(block[3:], base)}</h2>"
    if block.startswith("- "):
        rows = "".join(f"<li>{_inline(row.removeprefix('- '), base)}</li>" for row in block.split("\n"))
        return f"<ul>{rows}</ul>"
    return f"<p>{_inline(block, base)}</p>"


def _inline(text: str, base: str) -> str:
    plain = escape(" ".join(text.split()), quote=False)
    return _LINK.sub(lambda found: f'<a href="{urljoin(base, found[2])}">{found[1]}</a>', plain)


def page_html(web: Web, state: State, related: list[Page]) -> bytes:
    """One page whole: head, navigation, text, related links, footer with the mark."""
    paper = state.page.paper
    skin = Template((SKINS / f"{web.site.skin}.html").read_text("utf-8"))
    inside = skin.substitute(
        _WORDS[web.language],
        publisher=escape(web.source.publisher),
        title=escape(state.title),
        byline=escape(state.page.byline),
        date=_date_line(web, state),
        body=body_html(state.body, web.start),
        related="".join(f'<li><a href="{web.url(page)}">{escape(page.title)}</a></li>' for page in related),
        download=f'<p class="download"><a href="{urljoin(web.start, paper.path)}">PDF</a></p>' if paper else "",
        mark=web.mark,
    )
    head = "\n".join(_head(web, state))
    return f'<!DOCTYPE html>\n<html lang="{web.language}">\n<head>\n{head}\n</head>\n{inside}</html>\n'.encode()


def _head(web: Web, state: State) -> list[str]:
    """The lines of the head, with the dates where the page gives them there."""
    url = web.url(state.page)
    common = [
        '<meta charset="utf-8">',
        f"<title>{escape(state.title)} | {escape(web.source.publisher)}</title>",
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f'<link rel="canonical" href="{url}">',
        f'<meta property="og:site_name" content="{escape(web.source.publisher)}">',
        f'<meta name="description" content="{escape(web.site.tagline)}">',
    ]
    published, modified = f"{state.page.last_day}T10:00:00+00:00", f"{state.dated_on}T10:00:00+00:00"
    if state.page.shown == "meta":
        common.append(f'<meta property="article:published_time" content="{published}">')
        common.append(f'<meta property="article:modified_time" content="{modified}">')
    if state.page.shown == "json-ld":
        data = {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": state.title,
            "datePublished": published,
            "dateModified": modified,
            "inLanguage": web.language,
            "publisher": {"@type": "Organization", "name": web.source.publisher},
        }
        common.append(f'<script type="application/ld+json">{json.dumps(data, ensure_ascii=False)}</script>')
    return common


def _date_line(web: Web, state: State) -> str:
    """The date that a reader of the page sees, if any."""
    page = state.page
    if page.shown == "time":
        return date_element(page, web)
    if page.shown == "text" and "last_update" in page.attributes:
        return f"Last update: {spoken_date(page, page.attributes['last_update'], state.dated_on)}"
    return spoken_date(page, web.language, state.dated_on) if page.shown == "text" else ""
