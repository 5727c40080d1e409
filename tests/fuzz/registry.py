"""All harnesses by name, in the order of the table."""

from tests.fuzz import archives, documents, lists, written
from tests.fuzz.harness import Harness

HARNESSES: dict[str, Harness] = {
    one.name: one for one in (*lists.HARNESSES, *documents.HARNESSES, *archives.HARNESSES, *written.HARNESSES)
}
