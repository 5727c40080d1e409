"""`python -m tests.web.build` writes tests/web/example.warc.gz again from pages/ and sources/, byte for byte."""

from pathlib import Path

from tests.web.builder.plan import captures
from tests.web.builder.texts import load_sites
from tests.web.builder.warc import as_warc

HERE = Path(__file__).parent
ARCHIVE = HERE / "example.warc.gz"


def build() -> bytes:
    """The whole archive as bytes; the same on every machine with the same zlib and reportlab."""
    return as_warc(captures(load_sites(HERE / "pages", HERE / "sources")), filename=ARCHIVE.name)


def main() -> None:
    """Write the file and say how large it became."""
    body = build()
    ARCHIVE.write_bytes(body)
    print(f"{ARCHIVE.relative_to(Path.cwd()) if ARCHIVE.is_relative_to(Path.cwd()) else ARCHIVE}: {len(body):,} bytes")


if __name__ == "__main__":
    main()
