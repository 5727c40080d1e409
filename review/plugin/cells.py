"""Cells of Datasette's own tables: ids lead to our pages, addresses that are not http(s) stay plain text."""

from markupsafe import Markup

from review.plugin.safety import linkable

PAGES = {"document_id": "/documents/{}", "capture_id": "/captures/{}", "question_id": "/questions/{}"}
ADDRESSES = frozenset({"url", "homepage"})
LONG = 60  # characters of an address that are shown


def cell(value: object, column: str, urls: object) -> Markup | None:
    """The cell as HTML where we know better than Datasette; None leaves it to Datasette."""
    shown: object = value
    if isinstance(value, dict):  # Datasette's expanded foreign key: {"value": ..., "label": ...}
        shown = value.get("label") or value.get("value")
        value = value.get("value")
    if value in (None, ""):
        return None
    if column in PAGES:
        path = urls.path(PAGES[column].format(value))  # type: ignore[attr-defined]
        return Markup('<a href="{}">{}</a>').format(path, shown)
    if column in ADDRESSES:
        text = str(value)
        short = text if len(text) <= LONG else f"{text[: LONG - 1]}…"
        href = linkable(text)
        return (
            Markup('<a href="{}" rel="noreferrer">{}</a>').format(href, short) if href else Markup("{}").format(short)
        )
    return None
