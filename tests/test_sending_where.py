"""A message goes where its channel says and nowhere else: no redirect, no link-local host, no scheme nobody meant."""

import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from review.alerts.people import Directory
from review.alerts.sending import NotSent, Outgoing, send
from tests.alerts_world import HOOK, Mailbox, declare


@pytest.fixture
def told(home):
    """Send one message to the address that the hook channel holds."""
    declare(home, Mailbox(port=25))
    directory = Directory.load(home.declared)
    message = Outgoing(key="k", subject="s", body="b", html="<p>b</p>", to=directory.person("anna"),
                       made_at=datetime(2022, 7, 1, tzinfo=UTC))  # fmt: skip
    return lambda address: send(directory.channel("hook"), message, {HOOK: address})


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("syslog://", "begins with 'syslog'"), ("dbus://", "begins with 'dbus'"),
        ("json://169.254.169.254/latest", "link-local"), ("json://[fe80::1]/x", "link-local"),
        ("json://[::ffff:169.254.169.254]/x", "link-local"), ("json://127.0.0.1:9/?redirect=yes", "redirects"),
    ],
)  # fmt: skip
def test_an_unfit_address_is_refused_and_not_shown(told, address, says):
    with pytest.raises(NotSent, match=says) as said:
        told(address)
    assert HOOK in str(said.value)
    assert "latest" not in str(said.value)


def test_a_redirect_is_not_followed(told):
    asked = []

    class Elsewhere(BaseHTTPRequestHandler):
        def do_POST(self):
            asked.append(self.path)
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(307 if self.path == "/first" else 200)
            self.send_header("Location", "/second")
            self.end_headers()

        do_GET = do_POST

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Elsewhere)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        with pytest.raises(NotSent):
            told(f"json://127.0.0.1:{server.server_port}/first")
    finally:
        server.shutdown()
        server.server_close()
    assert asked == ["/first"]
