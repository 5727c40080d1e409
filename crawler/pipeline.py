"""From a fetched document to a kept version: read in another process, dated, keyed, handed to the ledger in order."""

import asyncio
import re
from datetime import date, datetime, timedelta
from typing import Any, Self

from crawler.health import remedy
from crawler.items import As, Fetched, ReadResult, ToRead, address_key, kept_passage, same_host, spoken_in
from crawler.job import Job
from crawler.probe import document_in_words
from crawler.read.extractors import CAN_OCR, current_extractors
from crawler.read.model import Confidence, Dated, ReadError, Reading
from crawler.readers import ReaderDied
from crawler.shapes import Shape
from crawler.whose import Answer, Whose, key_of, whose
from store.held import HeldVersion
from store.identity import identity
from store.model import Change, Kept, NewVersion

_ASIDE = frozenset(["pdf-metadata", "last-modified"])  # dates of the file, not of what it says
_FILE_NAME = re.compile(r"\S+\.(?:xml|x?html?|pdf|docx?)", re.IGNORECASE)


def title_of(own: str | None, listed: str | None, *, file: bool = False) -> str | None:
    """The document's own title; the list's where the own one is a mere file name, or that of a `file` (often junk).

    >>> title_of("L_2011337EN.01000901.xml", "Directive 2011/95/EU")
    'Directive 2011/95/EU'
    """
    return listed if listed and (not own or file or _FILE_NAME.fullmatch(own)) else own


class KeepPipeline:
    """Keeps documents in the order in which they came, whichever reader is done first."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.extractors = current_extractors()
        self._last: asyncio.Future[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:  # noqa: ANN401 (Scrapy's crawler, whose spider carries our job)
        return cls(crawler.spider.job)

    async def process_item(self, item: Fetched) -> Fetched:
        """Read and keep one document; a problem with it is noted and costs no other."""
        before, mine = self._last, asyncio.get_running_loop().create_future()
        self._last = mine
        try:
            result = await self._read(item)
            if before is not None:
                await before
            if result is not None:
                self._keep(item, result)
        finally:
            mine.set_result(None)
        return item

    async def _read(self, item: Fetched) -> ReadResult | None:
        """The reading; None when the document is held as it is, or cannot be read (then a problem is noted)."""
        at = item.capture.fetched_at
        held = self._held(item)
        if (
            held is not None
            and not self.job.probe  # a probe reads
            and self._known_at(item, held)
            and self._stands(item, held, self.extractors)
        ):
            self.job.log.changes[Change.UNCHANGED] += 1
            self.job.ledger.seen(held.document_id, at)
            return None
        task = ToRead(
            body=b"" if item.read_as in (As.ENTRY, As.LINK) else item.body,
            url=item.url,
            media_type=item.media_type,
            read_as=item.read_as,
            language=self.job.source.language,
            article=self.job.source.article,
            entry=item.entry,
        )
        try:
            result: ReadResult = await self.job.readers.run("document", task, url=item.url)
        except (ReadError, ReaderDied) as error:
            self.job.log.problem(item.url, str(error), "the original is kept; correct the source or read it by hand",
                                 lost=True)  # fmt: skip
            return None
        return result

    def _held(self, item: Fetched) -> HeldVersion | None:
        """The document that stands under the known key, else at the address that was asked for."""
        ledger, source_id, at = self.job.ledger, self.job.source.id, item.capture.fetched_at
        if item.known_key and (found := ledger.held(source_id, key=item.known_key, address="", at=at)):
            return found
        asked = address_key(item.asked) if item.asked else next(iter(item.addresses), "")
        return ledger.held(source_id, key=None, address=asked, at=at) if item.addresses else None

    def _known_at(self, item: Fetched, held: HeldVersion) -> bool:
        """Where the answer came from elsewhere, that address must be known as this document's already."""
        if not item.redirected:
            return True
        there = self.job.ledger.held(
            self.job.source.id, key=None, address=address_key(item.url), at=item.capture.fetched_at
        )
        return there is not None and there.document_id == held.document_id

    def _stands(self, item: Fetched, held: HeldVersion, extractors: frozenset[str]) -> bool:
        """Whether the newest version rests on the very same bytes, read by an extractor still in use.

        A replay that was killed and runs again meets its own work: that is read anew, so that it counts again.
        """
        if (
            item.read_as in (As.ENTRY, As.LINK)
            or held.extractor not in extractors
            or held.sha256 != item.capture.sha256
            or (held.needs_ocr and CAN_OCR in extractors)
        ):
            return False
        own = (held.warc_file, held.warc_offset) == (item.capture.warc_file, item.capture.warc_offset)
        return not (own and self._of_this_moment(item))

    def _of_this_moment(self, item: Fetched) -> bool:
        moment = self.job.moment
        return moment is not None and item.capture.fetched_at >= moment.at

    def _keep(self, item: Fetched, result: ReadResult) -> None:
        reading, log = result.reading, self.job.log
        if self.job.probe:
            log.saw.extend(document_in_words(item.page, reading))
            log.fetched.append(item.url)
            log.changes[Change.NEW] += 1  # it would be kept
            self._long_enough(item, reading)
            return
        owner = self._whose(item, reading)
        if owner.absent is not None:
            said = f"{item.asked} {owner.problem}"
            self.job.ledger.absent(owner.absent.document_id, said, item.capture.fetched_at, log.absence)
        if owner.problem:
            log.problem(item.asked or item.page, owner.problem, "open it in a browser; if it has moved, correct the "
                        "source", lost=owner.key is None)  # fmt: skip
        if owner.key is None:
            return
        key = owner.key
        if (taken := self.job.claimed.setdefault(key, item.page)) != item.page:
            what = f"calls itself {key}, as {taken} does; only the first was kept"
            log.problem(item.page, what, "if they are two documents, give the source a key of its own", lost=True)
            return
        if not self._long_enough(item, reading):
            return
        version = self._version(item, result, key)
        if self._same_for_all(version):
            log.problem(item.page, "has the very same new text as another document of this run: a page that stands in "
                        "for many", "open it in a browser; nothing was overwritten", lost=True)  # fmt: skip
            return
        log.dated(date.fromisoformat(version.published_on) if version.published_on else None)

        def done(kept: Kept, cause: Change, rests_here: bool) -> None:
            own = kept.change is Change.UNCHANGED and rests_here and self._of_this_moment(item)
            log.changes[cause if own else kept.change] += 1

        state = "withdrawn" if reading.withdrawn else "moved" if owner.moved else None
        self.job.ledger.keep(version, item.capture, done, state=state)

    def _whose(self, item: Fetched, reading: Reading) -> Whose:
        """Which document this answer belongs to (crawler.whose holds the rules)."""
        ledger, source_id, at = self.job.ledger, self.job.source.id, item.capture.fetched_at
        answer = self._answer(item, reading)
        there = ledger.held(source_id, key=None, address=answer.asked, at=at) if item.addresses else None
        key = key_of(answer, there)
        held = ledger.held(source_id, key=key, address="", at=at)
        if held is None:
            return whose(answer, key, None, there, shares=False)
        texts = [passage.text for passage in reading.passages]
        return whose(answer, key, held, there, shares=ledger.shares_text(held.version_id, texts) if texts else None)

    def _same_for_all(self, version: NewVersion) -> bool:
        """Whether a held document would become what another held one became in this run ("not found", sent as 200)."""
        ledger, source_id = self.job.ledger, version.source_id
        if ledger.held(source_id, key=version.key, address="", at=self.job.clock()) is None:
            return False
        return self.job.texts.setdefault(identity(version.text), version.key) != version.key

    def _answer(self, item: Fetched, reading: Reading) -> Answer:
        page = address_key(item.page)
        published = self._published(item, reading, quiet=True)
        return Answer(
            asked=address_key(item.asked) if item.asked else page,
            answered=address_key(item.url) if item.asked else page,
            page=page,
            permanent=item.permanent,
            inline=item.read_as in (As.ENTRY, As.LINK),
            homeless=not item.addresses,
            trusted=self.job.source.shape is not Shape.FEED,
            fixed=item.key,
            own_id=reading.key,
            listed_id=item.entry.key if item.entry else None,
            canonical=self._canonical(item, reading),
            published_on=published.day.isoformat() if published else None,
            starts=frozenset(address_key(url) for url in self.job.source.starts),
        )

    def _canonical(self, item: Fetched, reading: Reading) -> str | None:
        """The canonical address a page gives itself, on its own host."""
        canonical = reading.canonical_url
        if not canonical or item.read_as is not As.PAGE:
            return None
        if same_host(canonical, item.page):
            return address_key(canonical)
        self.job.log.problem(item.page, f"its canonical address {canonical} is on another host and was ignored",
                             "if the page has moved there, correct the source")  # fmt: skip
        return None

    def _long_enough(self, item: Fetched, reading: Reading) -> bool:
        """A page with (almost) no text is a fault of ours or theirs, and must not look like an edit."""
        expect = self.job.source.expect
        least = max(1, expect.min_characters if expect and item.read_as is As.PAGE else 1)
        if len(reading.text) >= least or reading.needs_ocr or reading.withdrawn:
            return True
        self.job.log.problem(item.page, f"{len(reading.text)} characters of text, at least {least} expected",
                             remedy("shape"), lost=True)  # fmt: skip
        return False

    def _version(self, item: Fetched, result: ReadResult, key: str) -> NewVersion:
        reading, entry = result.reading, item.entry
        published = self._published(item, reading)
        for warning in reading.warnings:
            self.job.log.problem(item.page, warning, "look at the page; the rest of it was read")
        if reading.needs_ocr:
            self.job.log.problem(item.page, "pages without text: this document needs OCR",
                                 "install the extra ocr, and it is read anew; or use coi add")  # fmt: skip
        modified = reading.modified or (entry.modified if entry else None)
        return NewVersion(
            source_id=self.job.source.id,
            key=key,
            url=item.page,
            title=title_of(reading.title, entry.title if entry else None, file=item.read_as is As.FILE) or item.page,
            language=spoken_in(reading, entry, self.job.source.language),
            text=reading.text,
            extractor=reading.extractor,
            passages=tuple(
                kept_passage(passage, language, lemmas)
                for passage, language, lemmas in zip(reading.passages, result.languages, result.lemmas, strict=True)
            ),
            external_id=None,
            authors=reading.authors,
            document_type=(entry.document_type if entry else None) or reading.document_type or "",
            published_on=published.day.isoformat() if published else None,
            published_precision=published.precision.value if published else None,
            published_from=published.origin if published else "",
            published_confidence=published.confidence.value if published else Confidence.LOW.value,
            modified_on=modified.day.isoformat() if modified else None,
            period_from=reading.period_from.isoformat() if reading.period_from else None,
            period_to=reading.period_to.isoformat() if reading.period_to else None,
            pages=reading.pages,
            needs_ocr=reading.needs_ocr,
            warnings=reading.warnings,
            links=tuple(dict.fromkeys((*reading.links, *(entry.attachments if entry else ())))),
            addresses=item.addresses,
        )

    def _published(self, item: Fetched, reading: Reading, *, quiet: bool = False) -> Dated | None:
        """Declared selector, else the list's date, else the page's own; never a day after the page was fetched."""
        own, listed = reading.published, item.entry.published if item.entry else None
        sure = own if own and own.origin == "declared" else None
        # A report that a release announces has a day of its own, where its text says one.
        said = own is not None and own.origin not in _ASIDE and own.confidence is Confidence.NORMAL
        found = sure or (own if listed and listed.origin == "release" and said else listed or own)
        latest = datetime.fromisoformat(item.capture.fetched_at).date() + timedelta(days=1)
        if quiet:
            return found if found and found.day <= latest else None
        if found and found.day > latest:
            self.job.log.problem(item.page, f"date in the future: {found.day} ({found.origin}), fetched on "
                                 f"{item.capture.fetched_at[:10]}; kept without a date",
                                 "check the page; correct article.date or listing.date")  # fmt: skip
            return None
        if found is None:
            self.job.log.problem(item.page, "no date found; kept without one, so it makes no question current",
                                 "declare article.date in the source file, or date it by hand")  # fmt: skip
        return found
