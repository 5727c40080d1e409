"""Files that nobody here can read, told by their first bytes, and what a person can do with each."""

_OCR = "run OCR on it (to PDF) and add that"
_SAVE = "open it, save it as DOCX or PDF and add that"
_UNPACK = "unpack it and add the files inside one by one"
_TYPE = "write down what is said, with the times, and add that as text"
_SOURCE = "where it came from a web address, open that in a browser and correct the source's url or shape"

# First bytes -> (name, what helps). A PDF and a Word file are not here: they are read.
_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "a PNG image", _OCR),
    (b"\xff\xd8\xff", "a JPEG image", _OCR),
    (b"GIF87a", "a GIF image", _OCR),
    (b"GIF89a", "a GIF image", _OCR),
    (b"II*\x00", "a TIFF image", _OCR),
    (b"MM\x00*", "a TIFF image", _OCR),
    (b"AT&TFORM", "a DjVu scan", _OCR),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office file (.doc, .xls, .ppt)", _SAVE),
    (b"{\\rtf", "an RTF document", _SAVE),
    (b"Rar!\x1a\x07", "a RAR archive", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", _UNPACK),
    (b"OggS\x00", "a video or sound recording", _TYPE),
    (b"\x1aE\xdf\xa3", "a video or sound recording", _TYPE),
)
_STILLS = (b"heic", b"heix", b"mif1", b"avif")
_CONTROLS = bytes(code for code in range(32) if code not in (9, 10, 12, 13, 27))


def unreadable(body: bytes) -> tuple[str, str] | None:
    """Name and remedy of a file that can be told and not be read; None for everything else."""
    for magic, name, remedy in _MAGIC:
        if body.startswith(magic):
            return name, remedy
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "a WebP image", _OCR
    if body[:2] == b"\x00\x00" and body[4:8] == b"ftyp":
        return ("a HEIC image", _OCR) if body[8:12] in _STILLS else ("a video or sound recording", _TYPE)
    return None


def remedy(body: bytes) -> str:
    """What a person can do with a body that cannot be read, for a file of their own and for an address."""
    told = unreadable(body)
    if told:
        return f"{told[1]}; {_SOURCE}"
    if body.startswith(b"PK\x03\x04"):
        return f"{_UNPACK} (an OpenDocument text: save it as DOCX); {_SOURCE}"
    if body.strip() and not looks_like_text(body):
        return f"convert it to PDF, DOCX or text and add that; {_SOURCE}"
    return "open the address in a browser and correct the source's url or shape"


def looks_like_text(body: bytes) -> bool:
    """Whether the beginning has hardly any control characters (UTF-16 has every other byte zero)."""
    sample = body[:4000]
    zeros = sample.count(0)
    controls = len(sample) - len(sample.translate(None, _CONTROLS)) - zeros
    wide = 0.2 < zeros / max(1, len(sample)) < 0.8
    return controls < 0.02 * len(sample) and (zeros == 0 or wide)
