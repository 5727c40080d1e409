"""Datasette's own CSV, safe to open in a spreadsheet: no text of a publisher becomes a formula there.

Datasette sends one row a message, so that nothing is held in memory and a long table still streams.
"""

import csv
import io
import re

from review.formulas import FORMULA
from review.plugin.safety import App, Message, Receive, Send

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?\Z")


def guarded(app: App) -> App:
    """Wrap an ASGI application: rows of what it sends as CSV get an apostrophe before whatever would be computed."""

    async def answer(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].endswith(".csv"):
            await app(scope, receive, send)
            return
        plain = False

        async def send_guarded(message: Message) -> None:
            nonlocal plain
            if message["type"] == "http.response.start":
                kind = dict(message.get("headers", [])).get(b"content-type", b"")
                plain = kind.startswith((b"text/plain", b"text/csv"))  # Datasette says csv only of a download
            elif plain and message.get("body"):
                message = {**message, "body": safe(message["body"].decode("utf-8")).encode("utf-8")}
            await send(message)

        await app(scope, receive, send_guarded)

    return answer


def safe(rows: str) -> str:
    """Whole rows of CSV with an apostrophe before each cell that a spreadsheet would compute; numbers stay numbers.

    >>> safe("=1+1,-5,- a dash\\r\\n")
    "'=1+1,-5,'- a dash\\r\\n"
    """
    if not any(sign in rows for sign in FORMULA):
        return rows
    found = io.StringIO(newline="")
    writer = csv.writer(found)
    for row in csv.reader(io.StringIO(rows, newline="")):
        writer.writerow([f"'{cell}" if _computed(cell) else cell for cell in row])
    return found.getvalue()


def _computed(cell: str) -> bool:
    return cell.strip(" ").startswith(FORMULA) and not _NUMBER.match(cell)
