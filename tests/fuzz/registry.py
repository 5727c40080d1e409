"""All harnesses by name, in the order of the table."""

from tests.fuzz import archives, asked, documents, lists, pdf, written
from tests.fuzz.harness import Harness

HARNESSES: dict[str, Harness] = {
    one.name: one
    for one in (
        *lists.HARNESSES,
        *documents.HARNESSES,
        *pdf.HARNESSES,
        *archives.HARNESSES,
        *written.HARNESSES,
        *asked.HARNESSES,
    )
}
