"""A collection, a publication and its note as the GOV.UK Content API answers them."""

import json
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from tests.web.builder.html import body_html
from tests.web.builder.texts import State, Web

_API = "/api/content"


def answers(web: Web, items: list[State]) -> dict[str, bytes]:
    """Every answer by address: the collection (the start address), and for each note its publication and itself."""
    collection = urlsplit(web.start).path.removeprefix(_API)
    found = {web.start: _collection(web, collection, items)}
    for state in items:
        parent = state.page.path.rsplit("/", 1)[0]
        found[_api(web, parent)] = _publication(web, parent, state)
        found[_api(web, state.page.path)] = _note(web, parent, state)
    return {url: json.dumps(body, ensure_ascii=False, indent=1).encode() for url, body in found.items()}


def _root(web: Web) -> str:
    parts = urlsplit(web.start)
    return f"{parts.scheme}://{parts.netloc}"


def _api(web: Web, base_path: str) -> str:
    return f"{_root(web)}{_API}{base_path}"


def _common(web: Web, base_path: str, title: str, kind: str, schema: str) -> dict[str, Any]:
    """What every answer has; the content id follows from the path, so that it never changes."""
    return {
        "api_path": f"{_API}{base_path}",
        "api_url": _api(web, base_path),
        "base_path": base_path,
        "content_id": str(uuid5(NAMESPACE_URL, f"{_root(web)}{base_path}")),
        "description": web.mark,
        "document_type": kind,
        "locale": "en",
        "schema_name": schema,
        "title": title,
        "web_url": f"{_root(web)}{base_path}",
        "withdrawn": False,
    }


def _dates(state: State) -> dict[str, Any]:
    """The dates as the publisher gives them: an edit that leaves the dates alone changes nothing here."""
    return {
        "first_published_at": f"{state.page.last_day}T09:30:00Z",
        "public_updated_at": f"{state.dated_on}T09:30:00Z",
        "updated_at": f"{state.dated_on}T09:30:05Z",
        "withdrawn_notice": {},
    }


def _collection(web: Web, base_path: str, items: list[State]) -> dict[str, Any]:
    documents = [_parent_of(web, state) for state in items]
    group = {"title": "Russia", "body": "", "documents": [document["content_id"] for document in documents]}
    return {
        **_common(web, base_path, web.site.title, "document_collection", "document_collection"),
        **_dates(items[0]),
        "details": {"body": "", "collection_groups": [group]},
        "links": {"documents": documents},
    }


def _parent_of(web: Web, state: State) -> dict[str, Any]:
    base_path = state.page.path.rsplit("/", 1)[0]
    common = _common(web, base_path, state.page.attributes["publication"], "guidance", "publication")
    return {**common, "public_updated_at": f"{state.dated_on}T09:30:00Z", "links": {}}


def _publication(web: Web, base_path: str, state: State) -> dict[str, Any]:
    attachment = {
        "attachment_type": "html",
        "id": str(uuid5(NAMESPACE_URL, state.page.path))[:8],
        "locale": "en",
        "title": state.title,
        "url": state.page.path,
    }
    history = [{"note": "First published.", "public_timestamp": f"{state.page.last_day}T09:30:00Z"}]
    return {
        **_common(web, base_path, state.page.attributes["publication"], "guidance", "publication"),
        **_dates(state),
        "details": {
            "attachments": [attachment],
            "body": '<div class="govspeak"><p>Country notes are used by officials who decide claims.</p></div>',
            "change_history": history,
            "document_type_label": "Guidance",
        },
        "links": {"document_collections": [{"title": web.site.title, "web_url": web.start.replace(_API, "")}]},
    }


def _note(web: Web, parent: str, state: State) -> dict[str, Any]:
    body = body_html(state.body, web.start)
    return {
        **_common(web, state.page.path, state.title, "html_publication", "html_publication"),
        **_dates(state),
        "details": {
            "body": f'<div class="govspeak">{body}</div>',
            "first_published_version": True,
            "public_timestamp": f"{state.dated_on}T09:30:00Z",
        },
        "links": {"parent": [{"base_path": parent, "title": state.page.attributes["publication"], "locale": "en"}]},
    }
