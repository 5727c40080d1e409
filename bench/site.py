"""The site that benchmarks crawl: pages of about 15 kB with navigation, footer and an article, served from memory.

python bench/site.py PAGES [--etag]  prints its port and serves until it is ended. Same pages every time (seeded).
"""

import asyncio
import random
import sys

ROWS = 100  # links on one page of the list
_WORDS = """city river council market school teacher winter summer price company worker road bridge museum concert
garden doctor patient farmer harvest minister budget election party village island storm engine factory library author
game season player coach ticket kitchen window street family letter history science planet forest animal harbour ship
report statement week month year morning evening number figure plan project question answer office meeting decision"""
_SUBJECT = """conscript army unit border officer contract summons commissariat court call-up service soldier lawyer
mother refuse appeal sentence fine prison release exempt defer barracks training camp command exercise order law"""
_JOINS = "the a his her their of in to from with after before against under about and but while because which that"
WORDS, SUBJECT, JOINS = _WORDS.split(), _SUBJECT.split(), _JOINS.split()
EVERY = 6  # one paragraph in so many is about our subject, the others are about anything


def sentence(rng: random.Random, words_of: list[str] = WORDS) -> str:
    """A sentence of 12 to 24 words that looks like one."""
    words = [rng.choice(words_of if n % 2 else JOINS) for n in range(rng.randint(12, 24))]
    return " ".join(words).capitalize() + "."


def article(number: int) -> bytes:
    """One page of about 15 kB; every page has words of its own."""
    rng = random.Random(number)
    subjects = [WORDS if n % EVERY else SUBJECT for n in range(18)]
    text = "".join(f"<p>{' '.join(sentence(rng, s) for _ in range(rng.randint(3, 6)))}</p>\n" for s in subjects)
    links = "".join(f'<li><a href="/section/{n}">Section {n}</a></li>\n' for n in range(30))
    teasers = "".join(f'<div class="teaser"><a href="/page/{n}">{sentence(rng)[:60]}</a></div>\n' for n in range(20))
    day = f"2022-{number % 12 + 1:02}-{number % 28 + 1:02}"
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Story {number} | The Daily Example</title>
<meta property="og:title" content="Story {number}: {sentence(rng)[:50]}">
<meta property="article:published_time" content="{day}T08:00:00+00:00">
<link rel="canonical" href="/page/{number}"><style>body {{ margin: 0 }}</style></head><body>
<header><nav><ul>{links}</ul></nav></header>
<main><article><h1>Story {number}</h1><time datetime="{day}">{day}</time>
{text}</article><aside>{teasers}</aside></main>
<footer><p>The Daily Example, all rights reserved.</p><ul>{links}</ul></footer></body></html>
""".encode()


def list_page(number: int, pages: int) -> bytes:
    """One page of the list, with a link to the next."""
    rows = "".join(f'<li class="row"><a href="/page/{n}">Story {n}</a></li>\n'
                   for n in range((number - 1) * ROWS, min(number * ROWS, pages)))  # fmt: skip
    more = f'<a rel="next" href="/list/{number + 1}">more</a>' if number * ROWS < pages else ""
    head = "<!DOCTYPE html><html lang=en><head><title>List</title></head>"
    return f"{head}<body><ul>{rows}</ul>{more}</body></html>".encode()


def answer(body: bytes | None, tag: str = "") -> bytes:
    """A whole HTTP answer; with a tag, one that can be asked for conditionally."""
    status, body = ("404 Not Found", b"") if body is None else ("200 OK", body)
    etag = f"ETag: {tag}\r\n" if tag else ""
    head = f"HTTP/1.1 {status}\r\n{etag}Content-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


class Server(asyncio.Protocol):
    """Answers GET requests from a dictionary, connections kept open."""

    answers: dict[str, bytes]
    tag = b""  # one tag for all: nothing ever changes here

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport, self.rest = transport, b""

    def data_received(self, data: bytes) -> None:
        *requests, self.rest = (self.rest + data).split(b"\r\n\r\n")
        for request in requests:
            path = request.split(b" ", 2)[1].decode()
            if self.tag and b"If-None-Match: " + self.tag in request:
                self.transport.write(b"HTTP/1.1 304 Not Modified\r\nETag: " + self.tag + b"\r\n\r\n")
                continue
            self.transport.write(self.answers.get(path) or answer(None))


async def main(pages: int, tag: str) -> None:
    """Make the pages, print the port, serve."""
    Server.tag = tag.encode()
    Server.answers = {f"/page/{n}": answer(article(n), tag) for n in range(pages)}
    Server.answers |= {f"/list/{n}": answer(list_page(n, pages), tag) for n in range(1, (pages - 1) // ROWS + 2)}
    server = await asyncio.get_running_loop().create_server(Server, "127.0.0.1", 0)
    sizes = [len(Server.answers[f"/page/{n}"]) for n in range(pages)]
    print(server.sockets[0].getsockname()[1], sum(sizes) // len(sizes), flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), '"same"' if "--etag" in sys.argv else ""))
