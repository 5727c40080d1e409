"""WordPress REST (/wp-json/wp/v2/<type>): a page of posts, or of media files, each with its own text.

Field names as WordPress gives them; `acf` is what sites add of their own (sources §10, state.gov).
"""

from collections.abc import Sequence
from urllib.parse import urlsplit

from crawler.read import answers
from crawler.read.answers import Object, asked_number, asking, inside, paragraphs, text_of
from crawler.read.clean import one_line
from crawler.read.dates import stamp, stamped_day
from crawler.read.model import Dated, Entry, Kind, Reading
from crawler.read.walk import absolute

PAST_THE_END = "rest_post_invalid_page_number"  # a page beyond the last is answered with 400 and this code
_PROMISED = "a WordPress REST answer"
_NO_KINDS = ("post", "page", "attachment")  # WordPress's own words, which say nothing of a document
_PAGE_SIZE = 10  # where the query names none


def read_wordpress(
    body: bytes,
    url: str | None = None,
    *,
    bodies: Sequence[str] = ("content.rendered",),
    document_date: str | None = None,
    zone: str | None = None,
) -> Reading:
    """The posts of one answer: key is the id with the route it was asked at, `summary` the whole text.

    `bodies` and `document_date` are dotted paths: where the text stands (joined in this order, nothing twice), and
    where the day of publication stands if not in `date`. A full page has a next one; how many there are stands in a
    header. Raises WrongShape for anything but a list of posts, with the words of an error page or error object.
    """
    where = url or "this answer"
    answer = answers.parsed(body, where, _PROMISED)
    if answers.an_object(answer).get("code") == PAST_THE_END:
        return Reading(kind=Kind.FEED)
    items = answers.the_list(answer, where, _PROMISED)
    entries = [
        _entry(item, url, bodies, document_date, zone) for item in answers.objects(items) if item.get("id") is not None
    ]
    full = url is not None and len(items) >= asked_number(url, "per_page", _PAGE_SIZE)
    return Reading(
        kind=Kind.FEED,
        entries=tuple(entries),
        next_url=asking(url, page=str(asked_number(url, "page", 1) + 1)) if url and full else None,
        warnings=(f"{len(items) - len(entries)} items without an id were left out",)
        if len(entries) < len(items)
        else (),
    )


def _entry(item: Object, url: str | None, bodies: Sequence[str], document_date: str | None, zone: str | None) -> Entry:
    kind = text_of(item.get("type"))
    route = urlsplit(url).path.rstrip("/").rpartition("/")[2] if url else kind
    found = [paragraph for path in bodies for paragraph in paragraphs(inside(item, path))]
    file = absolute(text_of(item.get("source_url")), url)
    return Entry(
        url=absolute(text_of(item.get("link")), url) or file or "",
        key=f"{route or 'post'}-{item['id']}",
        title=one_line(" ".join(paragraphs(inside(item, "title.rendered")))),
        published=_published(item, document_date, zone),
        modified=_day(item, "modified", zone),
        summary="\n\n".join(dict.fromkeys(found) if len(bodies) > 1 else found) or None,
        document_type=None if kind in _NO_KINDS else kind,
        attachments=(file,) if file else (),
    )


def _published(item: Object, document_date: str | None, zone: str | None) -> Dated | None:
    """The day that stands on the document, where the site gives one; else that of the post."""
    own = text_of(inside(item, document_date)) if document_date else None
    return stamp(own, zone, "wordpress") or _day(item, "date", zone)


def _day(item: Object, name: str, zone: str | None) -> Dated | None:
    """`date` is in the site's own time, `date_gmt` in UTC; neither carries an offset."""
    local, gmt = text_of(item.get(name)), text_of(item.get(f"{name}_gmt"))
    day = stamped_day(local) if local else stamped_day(f"{gmt}Z", zone) if gmt else None
    return Dated(day=day, origin="wordpress") if day else None
