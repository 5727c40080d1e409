"""What no log line may hold: secrets of this process by their value, and what looks like one wherever it comes from."""

import os
import re
from collections.abc import Mapping

HIDDEN = "[hidden]"
SHORTEST = 6  # a shorter value would blot out ordinary words, and is no secret
# Variables whose value is a secret; of our accounts (name, role, secret) the last word is.
SECRET = re.compile(
    r"PASS|SECRET|TOKEN|_KEY|KEY_|CREDENTIAL|AUTH|COI_PERSON_|COI_TOKEN_|_URL$|DSN|APPNAME|REDIS", re.IGNORECASE
)
ACCOUNTS = ("COI_PERSON_", "COI_TOKEN_")
NAMES = "token|access_token|api_?key|apikey|key|password|passwd|pwd|secret|sig|signature|auth|csrftoken|appname|session"
LOOKS_LIKE = (
    re.compile(r"(?i)(\b(?:bearer|basic)\s+)[A-Za-z0-9._~+/=-]{6,}"),
    re.compile(rf"(?i)((?:^|[?&;\s\"'{{,])(?:{NAMES})[\"']?\s*[=:]\s*[\"']?)[^&\s\"';,}}]+"),
    re.compile(r"(://)[^/\s@\"']+(?=@)"),  # user and password in an address
    re.compile(r"(?i)((?:set-)?cookie[\"']?\s*[:=]\s*[\"']?)[^\"'\r\n]+"),
    re.compile(r"(ds_actor=|ds_csrftoken=)[^;\s\"']+"),
    re.compile(r"(pbkdf2_sha256\$)[^\s\"']+"),
)
_values: set[str] = set()


def hide(*values: str) -> None:
    """Never let these values into a log of this process."""
    for value in values:
        for part in {value, value.strip().strip("'\"")}:
            if len(part) >= SHORTEST:
                _values.add(part)


def hide_environment(environment: Mapping[str, str] | None = None) -> None:
    """Hide every secret that the environment holds: by the names of its variables, whatever they are for."""
    for name, value in (os.environ if environment is None else environment).items():
        if not SECRET.search(name):
            continue
        hide(value)
        if name.startswith(ACCOUNTS) and value.split():
            hide(value.strip().strip("'\"").split()[-1])


def without_secrets(text: str) -> str:
    """The text with every known secret, and everything that looks like one, in place of which stands HIDDEN.

    >>> without_secrets("GET /a?token=abcdef12345&x=1 Authorization: Bearer abc.def-123")
    'GET /a?token=[hidden]&x=1 Authorization: Bearer [hidden]'
    >>> without_secrets("smtp://anna:pass@mail.example:25")
    'smtp://[hidden]@mail.example:25'
    """
    for value in sorted(_values, key=len, reverse=True):  # the longest first: one may hold another
        if value in text:
            text = text.replace(value, HIDDEN)
    for pattern in LOOKS_LIKE:
        text = pattern.sub(lambda found: found[1] + HIDDEN, text)
    return text
