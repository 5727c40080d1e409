"""Sending: plain SMTP mail, and the rest through Apprise. A new means is one function and one line in SENDERS."""

import logging
import re
import smtplib
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from ipaddress import ip_address
from urllib.parse import parse_qs, urlsplit

from review.alerts.people import Channel, Person
from store.secrets_hidden import hide

TIMEOUT_S = 30.0
LONGEST_NAME = 60  # characters of a name in a header
_QUOTED = re.compile(r'[()<>\[\]:;@\\,"]')  # RFC 5322, 3.2.3: specials, but the dot of "Dr. de Vries"
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\xad\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff]")
# What the shipped channels are for. Others (syslog, a desktop, a program) reach nobody, or do more than tell.
SCHEMES = ("json", "jsons", "matrix", "matrixs", "ntfy", "ntfys", "slack", "workflow", "workflows")


class NotSent(Exception):
    """A message was not taken; the text says by whom and why. `channel_down`: no other would be taken either."""

    def __init__(self, said: str, *, channel_down: bool = False) -> None:
        super().__init__(said)
        self.channel_down = channel_down


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One message on its way. `key` is the same for every attempt, and so is the Message-ID made from it."""

    key: str
    subject: str
    body: str
    html: str
    to: Person
    made_at: datetime
    attempt: int = 1


Sender = Callable[[Channel, Outgoing, Mapping[str, str]], None]


def send(channel: Channel, message: Outgoing, environ: Mapping[str, str]) -> None:
    """Hand a message over; return only when it was taken. Raises NotSent."""
    if lacking := channel.missing(environ):
        raise NotSent("; ".join(lacking), channel_down=True)
    for variable in (channel.password_env, channel.url_env):
        hide(environ[variable] if variable else "")
    SENDERS[channel.via](channel, message, environ)


def message_id(key: str, sender: str) -> str:
    """The Message-ID of a letter: made from its key, so that a receiving server knows a repetition when it sees one."""
    domain = sender.rsplit("@", 1)[-1].strip("<> ") or "localhost"
    return f"<{sha256(key.encode()).hexdigest()[:40]}@{domain}>"


def header(text: str) -> str:
    """A text as one line of a header that nothing in it can end or begin anew.

    What begins a coded word (RFC 2047) is parted: the email package decodes it, line ends included, and writes what it
    finds as further headers.

    >>> header("A title\\r\\nBcc: a@b"), header("=?utf-8?q?=0D=0A?=Bcc: a@b")
    ('A title Bcc: a@b', '= ?utf-8?q?=0D=0A?=Bcc: a@b')
    """
    return " ".join(_UNSEEN.sub(" ", text).split()).replace("=?", "= ?")


def addressee(name: str) -> str:
    """A person's name as it stands before the address, without what would have to stand in quotes, and not endless.

    The email package of Python 3.11 drops the quotes of a name that it folds: its commas would part addresses.

    >>> addressee('Vries, Anna de <a@b>, "c@d"')
    'Vries Anna de a b c d'
    """
    return " ".join(_QUOTED.sub(" ", header(name)).split())[:LONGEST_NAME].strip()


def as_mail(channel: Channel, message: Outgoing) -> EmailMessage:
    """Return the mail with its text and HTML parts. Raises NotSent where the person's address is none."""
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = header(message.subject)
    mail["From"] = channel.sender
    try:
        mail["To"] = Address(addressee(message.to.title), addr_spec=message.to.address or "")
    except (ValueError, IndexError, MessageError) as error:
        raise NotSent(
            f"people/{message.to.id}.toml: field 'address': {message.to.address!r} is none: {error}"
        ) from error
    mail["Date"] = format_datetime(message.made_at)
    mail["Message-ID"] = message_id(message.key, channel.sender or "")
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-COI-Event"] = sha256(message.key.encode()).hexdigest()
    if message.attempt > 1:
        mail["X-COI-Attempt"] = str(message.attempt)
    mail.set_content(message.body)
    mail.add_alternative(message.html, subtype="html")
    return mail


def by_smtp(channel: Channel, message: Outgoing, environ: Mapping[str, str]) -> None:
    """Hand a mail to the channel's own server."""
    if not message.to.address:
        raise NotSent(f"people/{message.to.id}.toml: field 'address': missing, and {channel.id!r} is mail")
    where = f"{channel.host}:{channel.port}"
    mail = as_mail(channel, message)
    try:
        server = _server(channel)
        try:
            if channel.security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if channel.user_env and channel.password_env:
                server.login(environ[channel.user_env], environ[channel.password_env])
            server.send_message(mail, to_addrs=[message.to.address])
        finally:
            with suppress(smtplib.SMTPException, OSError):
                server.quit()  # what was taken stays taken, whatever is said at leaving
    except smtplib.SMTPRecipientsRefused as error:
        said = "; ".join(
            f"{to}: {code} {text.decode(errors='replace')}" for to, (code, text) in error.recipients.items()
        )
        raise NotSent(f"{where} refused the recipient {said}") from error
    except smtplib.SMTPResponseException as error:
        text = error.smtp_error.decode(errors="replace") if isinstance(error.smtp_error, bytes) else error.smtp_error
        down = isinstance(error, smtplib.SMTPAuthenticationError | smtplib.SMTPConnectError)
        raise NotSent(f"{where} answered {error.smtp_code} {text}", channel_down=down) from error
    except (smtplib.SMTPException, OSError) as error:
        raise NotSent(f"{where}: {type(error).__name__}: {error}", channel_down=True) from error


def _server(channel: Channel) -> smtplib.SMTP:
    host, port = channel.host or "", channel.port or 0
    if channel.security == "tls":
        return smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_S, context=ssl.create_default_context())
    return smtplib.SMTP(host, port, timeout=TIMEOUT_S)


def by_apprise(channel: Channel, message: Outgoing, environ: Mapping[str, str]) -> None:
    """Hand the text to the service whose address the environment holds."""
    from apprise import Apprise, AppriseAsset, NotifyFormat  # here: a tenth of a second that only its channels pay

    variable = channel.url_env or ""
    if wrong := _unfit(environ[variable], (*SCHEMES, *channel.schemes)):
        raise NotSent(f"channel {channel.id!r}: the address in {variable} {wrong}", channel_down=True)
    service = Apprise(asset=AppriseAsset(http_redirects=False))  # what is told goes where it was meant to, or nowhere
    if not service.add(environ[variable]):
        raise NotSent(
            f"channel {channel.id!r}: the address in {variable} is none that Apprise knows", channel_down=True
        )
    with _heard() as said:
        taken = service.notify(title=message.subject, body=message.body, body_format=NotifyFormat.TEXT)
    if not taken:
        why = "; ".join(said).replace(environ[variable], f"${variable}") or "it did not say why"
        raise NotSent(f"channel {channel.id!r}: not taken: {why}", channel_down=True)


def _unfit(address: str, schemes: Sequence[str]) -> str:
    """Say what is wrong with an address before anything is sent there; '' where nothing is. The address is a secret."""
    scheme, _, rest = address.strip().partition("://")
    if scheme.lower() not in schemes:
        return f"begins with {scheme[:20]!r}; a channel may use {', '.join(schemes)}, or name its own in schemes"
    asked = parse_qs(rest.partition("?")[2], keep_blank_values=True)
    if any(name.lower().lstrip("+-:") == "redirect" for name in asked):
        return "asks for redirects, which are never followed; leave 'redirect' out of it"
    try:
        host = ip_address(urlsplit(f"http://{rest}").hostname or "")
    except ValueError:  # a name
        return ""
    host = getattr(host, "ipv4_mapped", None) or host
    return "is link-local, where clouds keep their secrets; name another host" if host.is_link_local else ""


@contextmanager
def _heard() -> Iterator[list[str]]:
    """What Apprise logs as warnings while it sends: its own answer is only yes or no."""
    said: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(record.getMessage())

    logger, keep = logging.getLogger("apprise"), Keep(logging.WARNING)
    passes = logger.propagate
    logger.addHandler(keep)
    logger.propagate = False
    try:
        yield said
    finally:
        logger.removeHandler(keep)
        logger.propagate = passes


SENDERS: dict[str, Sender] = {"smtp": by_smtp, "apprise": by_apprise}
