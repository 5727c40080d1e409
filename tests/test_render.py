"""Pages that scripts fill: shown whole, by a browser that reaches nothing but what the crawl fetches for it."""

import gzip

import pytest

from crawler import render
from crawler.health import Status
from crawler.source import Source
from store.home import Home
from tests.local_crawl import T2, declare, go, replayed, rows
from tests.local_site import Page, Site, serving

TEXT = "".join(
    f"<p>Paragraph {n}: conscripts of the autumn call-up were told to sign at their unit.</p>" for n in range(4)
)
SCRIPTED = f"""<!doctype html><html lang=en><head><title>Shell</title></head><body><div id=root></div><script>
const put = html => {{ document.getElementById('root').innerHTML = html; }};
put(`<main><h1>Autumn call-up</h1>{TEXT}<p id=more></p></main>`);
fetch('/api/more').then(r => r.text()).then(t => {{ document.getElementById('more').textContent = t; }});
</script></body></html>"""


needs_browser = pytest.mark.skipif(bool(render.lacking()), reason=render.lacking() or "a browser is here")


def watched(home: Home, *starts: str) -> Source:
    return declare(home, "scripted", "watch", list(starts), "render = true")


def kept(home: Home, path: str) -> bytes:
    """The WARC record of the newest capture of a path, unpacked, in lower case."""
    where = f"from captures where url like '%{path}' order by id desc limit 1"
    ((file, offset, length),) = rows(home, f"select warc_file, warc_offset, warc_length {where}")
    return gzip.decompress((home.archive / file).read_bytes()[offset : offset + length]).lower()


@needs_browser
def test_what_scripts_write_is_read_kept_and_replayed(site: Site, home: Home) -> None:
    site.pages["/page"] = Page(SCRIPTED)
    site.pages["/api/more"] = Page("The commissariat of the district confirmed it.", "text/plain")
    source = watched(home, f"{site.url}/page")

    first = go(home, source)

    assert (first.status, first.counts.new) == (Status.PARTIAL, 1), first  # partial: the page has no date
    ((text,),) = rows(home, "select text from versions")
    assert "told to sign" in text and "The commissariat" in text
    record = kept(home, "/page")
    assert b"x-coi-rendered: chromium/" in record and b"parts=1; refused=none" in record
    assert b"\netag:" not in record, "it speaks of the shell, not of what the page shows"
    assert all("coi-tracker" in headers["User-Agent"] for _, _, headers in site.asked)

    site.pages["/api/more"] = Page("The commissariat of the district denied it later.", "text/plain")
    again = go(home, source, T2)
    assert again.counts.changed == 1, "the shell is the same, what it shows is not"

    asked = len(site.asked)
    assert [result.counts.new + result.counts.changed for result in replayed(home, source)] == [1, 1]
    assert len(site.asked) == asked


@needs_browser
def test_a_page_reaches_nobody_but_its_own_host(site: Site, home: Home) -> None:
    with serving() as other:
        other.pages["/secret"] = Page(
            "the neighbour's secret", "text/plain", headers={"Access-Control-Allow-Origin": "*"}
        )
        addresses = [f"{other.url}/secret", "http://169.254.169.254/latest", "http://localhost:1/", "http://[::1]:1/x"]
        tries = "".join(f"get('{address}');" for address in addresses)
        site.pages["/robots.txt"] = Page("User-agent: *\nDisallow: /closed", "text/plain")
        site.pages["/away"] = Page(status=302, headers={"Location": f"{other.url}/secret"})
        site.pages["/closed"] = Page("closed to robots", "text/plain")
        site.pages["/page"] = Page(f"""<html lang=en><head><title>Probe</title>
          <link rel=prefetch href="{other.url}/secret"></head><body><img src="{other.url}/secret"><main>
         <h1>Probe</h1>{TEXT}
          <p id=out>Nothing came.</p></main><iframe src="{other.url}/secret"></iframe><iframe src="/closed"></iframe>
          <script>const get = url => fetch(url).then(r => r.text()).then(t => out.textContent += t, () => 0);
          {tries} get('/away'); get('/closed'); new WebSocket('ws://{other.host}/secret');
          navigator.sendBeacon('{other.url}/secret'); window.open('{other.url}/secret');
          setTimeout(() => {{ location.href = '{other.url}/secret' }}, 50);
          new RTCPeerConnection({{iceServers: [{{urls: 'stun:{other.host}'}}]}}).createDataChannel('x');
          </script></body></html>""")
        result = go(home, watched(home, f"{site.url}/page"))
        assert other.asked == []

    assert result.counts.new == 1, result
    ((text,),) = rows(home, "select text from versions")
    assert "Nothing came." in text and "secret" not in text and "closed to robots" not in text
    assert site.statuses("/away") == [302] and site.statuses("/closed") == []
    assert f"{other.host}:".encode() in kept(home, "/page")


@needs_browser
def test_files_and_errors_pass_and_what_is_not_whole_is_no_version(site: Site, home: Home) -> None:
    site.pages["/report.pdf"] = Page(b"%PDF-1.4 not a real one", "application/pdf")
    site.pages["/error"] = Page("<html><script>document.title = 1</script>", status=500, headers={"Retry-After": "0"})
    site.pages["/page"] = Page(SCRIPTED)
    site.pages["/api/more"] = Page("busy", "text/plain", status=500, headers={"Retry-After": "0"})

    result = go(home, watched(home, *(f"{site.url}{path}" for path in ("/report.pdf", "/error", "/page"))))

    said = {problem.url.removeprefix(site.url): problem.what for problem in result.problems}
    assert "answered 500" in said["/error"]
    assert "/api/more (the server answered 500)" in said["/page"], "half a page would look like an edit"
    assert rows(home, "select count(*) from versions") == [(0,)]
    assert b"%pdf-1.4 not a real one" in kept(home, "/report.pdf")


def test_without_a_browser_the_run_fails_and_says_what_to_do(
    site: Site, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COI_CHROMIUM", "/nowhere/chromium")
    site.pages["/page"] = Page(SCRIPTED)

    result = go(home, watched(home, f"{site.url}/page"))

    assert result.status is Status.FAILED
    assert "render = true" in result.message
    assert "COI_CHROMIUM" in result.message or "pip install" in result.message
    assert site.statuses("/page") == []
