"""Text from outside (publishers, visitors, workers) made fit for a terminal and for one line of a log."""

LONGEST_NAME = 200  # characters that are shown of a name


def printable(text: str, keep: str = "") -> str:
    r"""The text with everything that steers a terminal, breaks a line or turns it around written out as an escape.

    `keep`: characters that may stand all the same.

    >>> printable("a\x1b[31m\nb"), printable("a\nb", keep="\n")
    ('a\\x1b[31m\\nb', 'a\nb')
    """
    if text.isprintable():
        return text
    return "".join(
        one if one.isprintable() or one in keep else one.encode("unicode_escape").decode("ascii") for one in text
    )


def named(name: str) -> str:
    r"""The name of a file, as somebody else chose it, for one line of ours: no line end, nothing hidden, not endless.

    >>> named("a\x1b[31m"), named("x" * 300)[199:]
    ('a\\x1b[31m', 'x... (300 characters)')
    """
    short = name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}... ({len(name)} characters)"
    return printable(short)
