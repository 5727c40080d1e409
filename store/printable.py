"""Text from outside (publishers, visitors, workers) made fit for a terminal and for one line of a log."""


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
