"""One search answer of the gazette in the shape of KOOP SRU 2.0: three groups of metadata, in namespaces."""

from html import escape
from urllib.parse import urlencode, urljoin

from tests.web.builder.texts import State, Web

_SRU = "http://docs.oasis-open.org/ns/search-ws/sruResponse"
_SPACES = (
    f'xmlns:sru="{_SRU}" xmlns:gzd="http://standaarden.overheid.nl/sru" '
    'xmlns:overheidwetgeving="http://standaarden.overheid.nl/wetgeving/" '
    'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:c="http://standaarden.overheid.nl/collectie/"'
)


def search_url(web: Web, start_record: int) -> str:
    """The address of one page of the answer, with the parameters of the gazette's manual."""
    rules = web.source.sru
    if rules is None:
        raise ValueError(f"{web.source.id}: a gazette needs a table [sru] in its source file")
    values = {
        "operation": "searchRetrieve",
        "version": "2.0",
        "query": rules.query,
        "startRecord": start_record,
        "maximumRecords": rules.page_size,
        "httpAccept": "application/xml",
        "recordSchema": "gzd",
    }
    return f"{web.start}?{urlencode(values)}"


def answers(web: Web, items: list[State]) -> dict[str, bytes]:
    """Every page of the answer by address; `nextRecordPosition` stands on each but the last."""
    size = web.source.sru.page_size if web.source.sru else len(items)
    found = {}
    for first in range(0, len(items), size):
        after = first + size + 1
        following = f"<sru:nextRecordPosition>{after}</sru:nextRecordPosition>" if after <= len(items) else ""
        found[search_url(web, first + 1)] = _answer(web, items[first : first + size], len(items), following).encode()
    return found


def manifestation(web: Web, state: State) -> str:
    """Where the HTML file of a record lies (the page for people is the page's own address)."""
    number = state.page.attributes["identifier"]
    kind = number.split("-")[0]
    return urljoin(web.start, f"/frbr/officielepublicaties/{kind}/{number}/1/html/{number}.html")


def _answer(web: Web, chunk: list[State], total: int, following: str) -> str:
    records = "\n".join(_record(web, state) for state in chunk)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<!-- {web.mark} -->\n'
        f"<sru:searchRetrieveResponse {_SPACES}><sru:version>2.0</sru:version>"
        f"<sru:numberOfRecords>{total}</sru:numberOfRecords><sru:records>\n{records}\n</sru:records>{following}"
        "<sru:resultCountPrecision>info:srw/vocabulary/resultCountPrecision/1/estimate</sru:resultCountPrecision>"
        "</sru:searchRetrieveResponse>\n"
    )


def _record(web: Web, state: State) -> str:
    page, has = state.page, state.page.attributes
    title, day = escape(state.title, quote=False), page.published
    optional = "".join(
        f"<overheidwetgeving:{name}>{escape(has[name])}</overheidwetgeving:{name}>"
        for name in ("dossiernummer", "dossiertitel", "ondernummer", "vraagnummer", "aanhangselnummer")
        if name in has
    )
    return (
        "<sru:record><sru:recordSchema>http://standaarden.overheid.nl/sru/</sru:recordSchema>"
        "<sru:recordPacking>xml</sru:recordPacking><sru:recordData><gzd:gzd><gzd:originalData>"
        "<overheidwetgeving:meta><overheidwetgeving:owmskern>"
        f"<dcterms:identifier>{has['identifier']}</dcterms:identifier><dcterms:title>{title}</dcterms:title>"
        f'<dcterms:type scheme="OVERHEIDop.Parlementair">{has["publicatienaam"]}</dcterms:type>'
        f'<dcterms:type scheme="OVERHEIDop.KamerstukTypen">{has["soort"]}</dcterms:type>'
        '<dcterms:creator scheme="OVERHEID.Ministerie">Justitie en Veiligheid</dcterms:creator>'
        f"<dcterms:modified>{day}</dcterms:modified><dcterms:language>nl</dcterms:language>"
        "</overheidwetgeving:owmskern><overheidwetgeving:owmsmantel>"
        f"<dcterms:date>{day}</dcterms:date><dcterms:available>{day}</dcterms:available>"
        f"<dcterms:issued>{day}</dcterms:issued><dcterms:subject>Migratie en integratie</dcterms:subject>"
        f"<dcterms:publisher>{escape(web.source.publisher)}</dcterms:publisher></overheidwetgeving:owmsmantel>"
        "<overheidwetgeving:tpmeta><c:product-area>officielepublicaties</c:product-area>"
        f"<overheidwetgeving:publicatienaam>{has['publicatienaam']}</overheidwetgeving:publicatienaam>"
        f"<overheidwetgeving:vergaderjaar>{has['vergaderjaar']}</overheidwetgeving:vergaderjaar>{optional}"
        "</overheidwetgeving:tpmeta></overheidwetgeving:meta></gzd:originalData><gzd:enrichedData>"
        f"<gzd:url>{web.url(page)}</gzd:url><gzd:preferredUrl>{web.url(page)}</gzd:preferredUrl>"
        f'<gzd:itemUrl manifestation="html">{manifestation(web, state)}</gzd:itemUrl>'
        f"<gzd:timestamp>{day}T09:00:00Z</gzd:timestamp>"
        "</gzd:enrichedData></gzd:gzd></sru:recordData></sru:record>"
    )
