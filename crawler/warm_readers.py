"""Loaded by the process that readers are forked from: it reads a page once, so that no reader compiles a pattern anew.

With it come the dictionaries of the languages that are named in its environment.
"""

import os

from crawler.items import As, ListToRead, ToRead
from crawler.reading import document
from crawler.reading_lists import list_page
from crawler.shapes import ListingRules, Shape
from crawler.warm import LANGUAGES
from store.lemmas import lemmas_of

_URL = "https://page.invalid/"
_TEXT = "The ministry said on 3 March 2022 that men who were called up between January and March are to report. " * 3
_PAGE = f"""<!DOCTYPE html><html lang="en"><head><title>A report of March 2022</title>
<meta name="author" content="A. Writer"><meta property="article:published_time" content="2022-03-03T08:00:00Z"></head>
<body><nav><a href="/">Home</a></nav><article><h1>A report</h1><time datetime="2022-03-03">3 March 2022</time>
<p>{_TEXT}</p><p>Last updated: 4 March 2022. {_TEXT}</p></article><ul><li class="row"><a href="/1">One</a></li></ul>
</body></html>""".encode()


def _once(language: str) -> None:
    lemmas_of("words", language)
    document(ToRead(body=_PAGE, url=_URL, media_type="text/html", read_as=As.PAGE, language=language))
    rules = ListingRules(row="li.row", link="a", next="a[rel=next]")
    list_page(ListToRead(body=_PAGE, url=_URL, media_type="text/html", shape=Shape.LISTING, rules=rules,
                         language=language, zone="UTC"))  # fmt: skip


for _language in os.environ.get(LANGUAGES, "").split() or ["en"]:
    _once(_language)
