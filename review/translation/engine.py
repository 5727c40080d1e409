"""Running a translator on one text, in a process group under limits, and refusing what cannot be a translation."""

import contextlib
import os
import re
import selectors
import shlex
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from review.translation.declared import Translator
from store.errors import ForPeople

LIMITED = Path(__file__).with_name("limited.py")
LONGER, SHORTER = 10, 10  # times as long or as short as the original: no translation
ALLOWED = 200  # characters that a short text's translation may always have
_COMPLAINTS = 4096  # bytes of standard error that are kept, the last ones
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_AT_ONCE = 65_536


class TranslatorFailed(ForPeople, RuntimeError):
    """A translator gave nothing that can be kept. The message names it, its command, what went wrong and the remedy."""


def has_words(text: str) -> bool:
    """Whether there is anything to translate: a letter.

    >>> has_words("24 – 25"), has_words("24 мая")
    (False, True)
    """
    return any(letter.isalpha() for letter in text)


def translated(translator: Translator, text: str, source: str, target: str) -> str:
    """The translation of a text. Raises TranslatorFailed, DeclarationError where the command cannot be started."""
    most = max(LONGER * len(text), ALLOWED)
    argv = translator.argv(source, target)
    try:
        out = _run(argv, text, translator, translator.surroundings(), most_bytes=4 * most)
        return checked(out, text)
    except _Wrong as wrong:
        raise TranslatorFailed(
            f"translator {translator.id!r} ({shlex.join(argv)}) {wrong}; nothing was kept. {wrong.remedy}, see "
            f"translators/{translator.id}.toml, then run the same command again"
        ) from wrong


class _Wrong(Exception):
    """What went wrong, and what may help."""

    def __init__(self, said: str, remedy: str) -> None:
        super().__init__(said)
        self.remedy = remedy


_TRY = "Try the command by hand with the passage on standard input"


def checked(out: bytes, text: str) -> str:
    """What a translator wrote, as text. Raises an error that says why it cannot be a translation of `text`."""
    try:
        found = out.decode("utf-8").replace("\r\n", "\n").strip()
    except UnicodeDecodeError as error:
        raise _Wrong(f"wrote bytes that are not UTF-8 (at byte {error.start})", "Make it write UTF-8") from error
    if not found:
        raise _Wrong("wrote nothing", _TRY)
    if control := _CONTROLS.search(found):
        raise _Wrong(f"wrote a control character (U+{ord(control[0]):04X})", "Make it write plain text")
    if found.split() == text.split():
        raise _Wrong("wrote the text unchanged", "Look at its languages")
    if len(found) > max(LONGER * len(text), ALLOWED):
        raise _Wrong(f"wrote more than {LONGER} times the length of the text", _TRY)
    if len(found) * SHORTER < len(text):
        raise _Wrong(f"wrote less than a {SHORTER}th of the length of the text", _TRY)
    return found


def _run(
    argv: Sequence[str], text: str, translator: Translator, environ: Mapping[str, str], *, most_bytes: int
) -> bytes:
    """Run it with its children as one group, killed as one however it ends; what it wrote."""
    wall_s = translator.timeout_s
    limits = (str(translator.memory_mb * 1_000_000), str(int(wall_s) + 1))
    with tempfile.TemporaryFile() as given, tempfile.TemporaryDirectory(prefix="coi-translate-") as folder:
        given.write(text.encode())
        given.seek(0)
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(LIMITED), *limits, *argv],
            stdin=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**environ, "TMPDIR": folder}, cwd=folder,
            start_new_session=True,
        )  # fmt: skip
        try:
            until_s = time.monotonic() + wall_s
            out, said = _read(process, until_s, most_bytes)
            process.wait(max(0.0, until_s - time.monotonic()))  # it may have closed what it writes to, and go on
        except (TimeoutError, subprocess.TimeoutExpired):
            raise _Wrong(f"took more than {wall_s:g} s", "Give it more time (timeout_s)") from None
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            for pipe in (process.stdout, process.stderr):
                if pipe:
                    pipe.close()
    if process.returncode < 0:
        why = f"was killed by signal {-process.returncode} (over the limit of memory or time)"
        raise _Wrong(why, "Give it more memory (memory_mb) or time (timeout_s)")
    if process.returncode:
        lines = [line for line in _CONTROLS.sub("", said.decode("utf-8", "replace")).splitlines() if line.strip()]
        raise _Wrong(f"failed: {lines[-1].strip()[:200] if lines else 'no message'} (exit {process.returncode})", _TRY)
    return out


def _read(process: subprocess.Popen[bytes], until_s: float, most: int) -> tuple[bytes, bytes]:
    """What it writes until it has ended, at most so much; the end of its complaints. TimeoutError after `until_s`."""
    assert process.stdout and process.stderr  # noqa: S101 - both are pipes
    out, said = bytearray(), bytearray()
    with selectors.DefaultSelector() as waiting:
        for pipe, into in ((process.stdout, out), (process.stderr, said)):
            waiting.register(pipe, selectors.EVENT_READ, into)
        while waiting.get_map():
            left_s = until_s - time.monotonic()
            if left_s <= 0:
                raise TimeoutError
            for key, _ in waiting.select(left_s):
                part = os.read(key.fd, _AT_ONCE)
                key.data.extend(part)
                if not part:
                    waiting.unregister(key.fileobj)
            del said[:-_COMPLAINTS]
            if len(out) > most:
                raise _Wrong(f"wrote more than {LONGER} times the length of the text", _TRY)
    return bytes(out), bytes(said)
