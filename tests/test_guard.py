"""Which addresses the crawler refuses, however they are written."""

import subprocess
import sys
from ipaddress import IPv4Address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.guard import Allowed, Refused, check_address, check_contact, check_url, is_public
from tests.conftest import PROJECT

NOBODY = Allowed()
LOCAL = Allowed.parse("127.0.0.1:8000, intranet.example:8080")
PRIVATE = [ip_network(n) for n in ("10.0.0.0/8", "127.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "192.168.0.0/16")]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://127.0.0.1./",
        "http://0.0.0.0/",
        "http://10.1.2.3/",
        "http://100.64.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://224.0.0.1/",
        "http://[::1]/",
        "http://[::]/",
        "http://[fe80::1]/",
        "http://[fc00::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[::7f00:1]/",
        "http://[::93.184.216.34]/",
        "http://[::ffff:0:127.0.0.1]/",
        "http://[64:ff9b:1::7f00:1]/",
        "http://[fec0::1]/",
        "http://192.88.99.1/",
        "http://[::ffff:192.88.99.1]/",
        "http://192.0.0.8/",
        "http://[3fff::1]/",
        "http://[5f00::1]/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0x7f.1/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://１２７.0.0.1/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "http:///nothing",
        "http://user:secret@example.org/",
        "http://example.org:99999/",
    ],
)
def test_these_are_refused(url: str) -> None:
    with pytest.raises(Refused):
        check_url(url, NOBODY)


@pytest.mark.parametrize("url", ["https://example.org/", "http://93.184.216.34/", "http://[2606:2800:220:1::1]/x"])
def test_public_addresses_and_names_pass(url: str) -> None:
    check_url(url, NOBODY)


def test_the_operator_allows_a_host_on_one_port_only() -> None:
    check_url("http://127.0.0.1:8000/feed", LOCAL)
    check_url("http://intranet.example:8080/", LOCAL)
    for url in ("http://127.0.0.1/", "http://127.0.0.1:22/", "http://intranet.example/"):
        with pytest.raises(Refused):
            check_url(url, LOCAL)


def test_an_exception_without_a_port_is_refused_by_name() -> None:
    with pytest.raises(Refused, match=r"127\.0\.0\.1.*host:port"):
        Allowed.parse("127.0.0.1")


@pytest.mark.parametrize("text", ["[::1", "*:80", "a@127.0.0.1:80", "127.0.0.1:80/x", "127.0.0.1:0", "10.0.0.0/8:80"])
def test_an_exception_that_names_no_single_host_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="COI_ALLOW_HOSTS"):
        Allowed.parse(text)


def test_a_name_that_resolves_into_a_private_network_is_refused() -> None:
    with pytest.raises(Refused, match=r"evil\.example is at 192\.168\.1\.1"):
        check_address("192.168.1.1", "evil.example")


LOOKED_UP = """
import logging
from twisted.internet import reactor
from twisted.internet.endpoints import HostnameEndpoint
from twisted.internet.protocol import Factory
from twisted.python.log import PythonLoggingObserver
from crawler.guard import Allowed
from crawler.resolver import GuardedResolver
logging.basicConfig()
PythonLoggingObserver("twisted").start()
def go(again):
    asked = HostnameEndpoint(reactor, "localhost", 9).connect(Factory())
    asked.addErrback(lambda failed: (print(failed.type.__name__), go(False) if again else reactor.stop()))
reactor.callWhenRunning(go, True)
GuardedResolver(reactor, Allowed()).install_on_reactor()
reactor.run()
"""


def test_a_refused_lookup_is_one_line_in_words() -> None:
    said = subprocess.run([sys.executable, "-c", LOOKED_UP], cwd=PROJECT, capture_output=True, text=True, timeout=60)
    assert said.stdout.split() == ["DNSLookupError"] * 2, said.stderr
    assert len(said.stderr.splitlines()) == 1 and "localhost is at 127.0.0.1, which is not a public" in said.stderr


@given(st.sampled_from(PRIVATE), st.integers(min_value=0))
def test_no_address_of_a_private_network_is_public(network, number: int) -> None:
    address = network[number % network.num_addresses]
    assert not is_public(str(address))
    assert not is_public(f"::ffff:{address}")
    with pytest.raises(Refused):
        check_url(f"http://{int(IPv4Address(address))}/", NOBODY)


@pytest.mark.parametrize("contact", ["", "nobody", "a@b", "<a@example.org>", "a@example.org b"])
def test_without_an_address_to_reach_us_we_do_not_crawl(contact: str) -> None:
    with pytest.raises(Refused, match="COI_CONTACT"):
        check_contact(contact)
