"""What stands in front of a page is refused; a page that carries a banner, or is about cookies, is read."""

import json

import pytest

from crawler.read import read
from crawler.read.html import PageHints, read_html
from crawler.read.model import ReadError, WrongShape
from crawler.read.walls import Wall

ARTICLE = "".join(
    f"<p>The conscripts of village {n} were called up in the spring and sent to the border region, their families "
    "said, and several of them were asked to sign a contract before the end of their first month.</p>"
    for n in range(4)
)


def page(body, title="News", head=""):
    return f"<!doctype html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>".encode()


CONSENT = {
    "en": """<div class="c"><h1>We value your privacy</h1><p>We and our 842 partners store and access information on
      your
      device, such as cookies, and process personal data for personalised ads and content.</p><p>You can change your
      mind
      at any time in our privacy policy.</p><button>Accept all</button> <button>Manage options</button></div>""",
    "nl": """<main><h2>Wij vragen om uw toestemming</h2><p>De krant en haar partners gebruiken cookies om
      advertenties te
      tonen die bij u passen en om het gebruik van de site te meten. Daarvoor worden persoonsgegevens verwerkt.</p>
      <p>Lees meer in onze privacyverklaring.</p><a href="#">Akkoord</a> <a href="#">Instellingen
      aanpassen</a></main>""",
    "de": """<div><h1>Weiter mit Werbung lesen</h1><p>Besuchen Sie die Zeitung wie gewohnt mit Werbung und Cookies.
      Details
      zu Cookies und Einwilligung finden Sie in der Datenschutzerklärung.</p><button>Alle akzeptieren</button>
      <p>Wir und unsere Partner verarbeiten personenbezogene Daten.</p></div>""",
    "fr": """<div><h2>Le respect de votre vie privée est notre priorité</h2><p>Avec votre consentement, nos
      partenaires et
      nous utilisons des cookies pour des publicités personnalisées.</p><a>Continuer sans accepter</a>
      <button>Tout accepter</button></div>""",
    "ru": """<div><h2>Мы используем файлы cookie</h2><p>Мы и наши партнёры обрабатываем персональные данные и используем
      файлы cookie для показа рекламы. Продолжая, вы даёте согласие на это.</p><button>Принять все</button>
      <button>Настройки cookie</button></div>""",
    "uk": """<div><h2>Ми цінуємо вашу приватність</h2><p>Ми та наші партнери використовуємо файли cookie й обробляємо
      персональні дані, щоб показувати рекламу. Ви можете відкликати згоду.</p><button>Прийняти всі</button></div>""",
}


@pytest.mark.parametrize("language", sorted(CONSENT))
def test_a_consent_wall_is_refused(language):
    with pytest.raises(Wall, match="a consent wall") as error:
        read_html(page(CONSENT[language]), "https://news.example/a")
    assert "https://news.example/a" in str(error.value) and "render = true" in str(error.value)


def test_a_wall_is_an_error_of_reading():
    with pytest.raises(ReadError):
        read(page(CONSENT["en"]), media_type="text/html", url="https://news.example/a", shape="html")
    assert issubclass(Wall, WrongShape)


@pytest.mark.parametrize("language", sorted(CONSENT))
def test_a_page_that_carries_a_banner_is_read(language):
    banner = f'<div id="cookie-banner">{CONSENT[language]}</div>'
    reading = read_html(page(f"{banner}<main><h1>Called up</h1>{ARTICLE}</main>"), "https://news.example/a")
    assert reading.text.count("called up in the spring") == 4
    assert "cookie" not in reading.text.lower()


def test_a_short_notice_behind_a_banner_is_read_without_it():
    notice = "<h1>Office closed</h1><p>The embassy in Exampleville takes no visa applications until further notice.</p>"
    reading = read_html(page(f'<div class="cookie-consent">{CONSENT["en"]}</div><main>{notice}</main>'))
    assert "takes no visa applications" in reading.text and "partners" not in reading.text


def test_an_article_about_cookies_is_read():
    words = """<p>The data protection authority fined the broadcaster on Tuesday because its site placed tracking
      cookies
      before visitors had given their consent.</p><p>According to the ruling, a banner with only the words "accept
      all" is
      no free choice. The broadcaster had argued that readers could change the settings later.</p><p>The court will
      hear the
      appeal of the company in September, a spokesman said in The Hague. Two earlier fines were upheld.</p>"""
    text = read_html(
        page(f"<main><h1>Fine for cookies without consent</h1>{words}</main>"), "https://news.example/a"
    ).text
    assert "will hear the" in text


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Just a moment...", "<h1>www.news.example</h1><p>Checking your browser before accessing the site.</p>"),
        ("Attention Required! | Cloudflare", "<h1>Sorry, you have been blocked</h1><p>You are unable to access.</p>"),
        ("Een ogenblik geduld", "<p>Bevestig dat u een mens bent door de onderstaande actie te voltooien.</p>"),
        ("Nur einen Moment", "<p>Die Sicherheitsüberprüfung läuft.</p>"),
        ("Un instant", "<p>Vérifiez que vous êtes humain avant de poursuivre.</p>"),
        ("Проверка браузера", "<p>Подтвердите, что вы не робот.</p>"),
        ("Один момент", "<p>Перевірка безпеки з'єднання. Підтвердьте, що ви людина.</p>"),
        ("news.example", '<script src="/cdn-cgi/challenge-platform/h/b/orchestrate/jsch/v1"></script><p>Wait.</p>'),
    ],
)
def test_a_check_for_robots_is_refused(title, body):
    with pytest.raises(Wall, match="whether the reader is a person"):
        read_html(page(body, title), "https://news.example/a")


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Technical Difficulties", "<h1>Technical Difficulties</h1><p>We're sorry, this site is currently experiencing "
         "technical difficulties. Please try again in a few moments.</p><p>Exception: forbidden</p>"),
        ("403 Forbidden", "<h1>Forbidden</h1><p>You do not have permission to access this resource.</p>"),
        ("Storing", "<p>Door een technische storing is de pagina niet te tonen.</p>"),
        ("Доступ запрещен", "<p>Обратитесь к администратору.</p>"),
    ],
)  # fmt: skip
def test_an_error_page_sent_as_a_page_is_refused(title, body):
    with pytest.raises(Wall, match="an error page"):
        read_html(page(body, title), "https://state.example/report")


NO_PAGE = ["404", "Not found", "Page not found", "404 - Page Not Found", "Error 404: page not found", "404 Not Found",
           "Oops! That page can’t be found.", "Sorry, the page you requested could not be found",
           "Page Not Found (404)", "Pagina niet gevonden", "De pagina is niet gevonden", "Seite nicht gefunden",
           "Die Seite wurde nicht gefunden", "Page introuvable", "Erreur 404 – Page non trouvée",
           "Страница не найдена", "Ошибка 404. Страница не найдена", "Сторінку не знайдено", "Sidan hittades inte",
           "Siden blev ikke fundet", "Siden finnes ikke"]  # fmt: skip
SORRY = "<p>The page you were looking for is no longer here, sorry about that; try the search.</p>"


@pytest.mark.parametrize("says", NO_PAGE)
@pytest.mark.parametrize("where", ["title", "beside", "heading"])
def test_a_page_that_says_it_is_not_there_is_refused(says, where):
    titles = {"title": says, "beside": f"{says} | The Paper", "heading": "The Paper"}
    heading = f"<h1>{says}</h1>" if where == "heading" else ""
    with pytest.raises(Wall, match="a page that says") as error:
        read_html(page(f"<main>{heading}{SORRY}</main>", titles[where]), "https://news.example/a")
    assert "https://news.example/a" in str(error.value) and "correct the source" in str(error.value)


def test_a_page_not_found_with_a_list_of_other_pages_is_refused():
    more = "".join(f"<li>Report {n} on the call-up of conscripts in the region</li>" for n in range(12))
    with pytest.raises(Wall, match="Page not found"):
        read_html(page(f"<main><h1>Page not found</h1>{SORRY}<ul>{more}</ul></main>"))


@pytest.mark.parametrize(
    "title",
    ["Not found: the missing men of Exampleville", "Not found – the missing men | The Paper", "404 conscripts missing",
     "Page not found: what the ministry deleted", "Page not found – what the ministry deleted | The Paper",
     "Page not found in the archive of the regiment",
     "Страница не найдена: что удалило министерство", "Not found"],
)  # fmt: skip
def test_an_article_whose_title_speaks_of_what_was_not_found_is_read(title):
    for body in (ARTICLE, ARTICLE[: len(ARTICLE) // 2] + "</p>"):
        assert "called up in the spring" in read_html(page(f"<main><h1>{title}</h1>{body}</main>", title)).text


def test_a_long_text_is_read_whatever_it_is_called():
    assert "called up" in read_html(page(f"<main><h1>Page not found</h1>{ARTICLE * 3}</main>", "Page not found")).text


@pytest.mark.parametrize(
    "body",
    [
        "<noscript>You need to enable JavaScript to run this app.</noscript><div id='root'></div>",
        "<div id='__next'></div><script src='/main.js'></script>",
        "<p>JavaScript is disabled in your browser. Please enable JavaScript to continue.</p>",
        "<p>Schakel JavaScript in om deze pagina te bekijken.</p>",
        "<p>Bitte aktivieren Sie JavaScript, um diese Seite zu sehen.</p>",
        "<p>Veuillez activer JavaScript pour afficher cette page.</p>",
        "<p>Пожалуйста, включите JavaScript в вашем браузере.</p>",
        "<p>Будь ласка, увімкніть JavaScript у вашому браузері.</p>",
    ],
)
def test_a_page_made_in_the_browser_is_refused(body):
    with pytest.raises(Wall, match="made by JavaScript"):
        read_html(page(body), "https://news.example/a")


def test_a_page_that_also_asks_for_scripts_is_read():
    asks = "<noscript>Please enable JavaScript to see the comments.</noscript>"
    assert read_html(page(f"{asks}<main>{ARTICLE}</main>")).text.count("called up") == 4


def test_a_report_of_technical_difficulties_is_read():
    brief = (
        "<h1>Registration fails</h1><p>Voters could not register because of technical difficulties, said observers.</p>"
    )
    assert "said observers" in read_html(page(f"<main>{brief}</main>")).text
    words = (
        "<p>Voters could not register because of technical difficulties with the ministry's site, observers said.</p>"
    )
    assert "observers said" in read_html(page(f"<main><h1>Registration fails</h1>{words}{ARTICLE}</main>")).text


def test_a_declared_main_text_is_never_taken_for_a_wall():
    body = page(f"<div id=m>{CONSENT['en']}</div>")
    assert "partners" in read_html(body, None, PageHints(main="#m")).text


def test_no_real_page_is_refused(shared):
    real = shared / "data/real"
    gold = json.loads((real / "adbar__trafilatura/gold.json").read_text(encoding="utf-8"))
    pages = [real / "adbar__trafilatura/pages" / facts["file"] for facts in gold.values()]
    pages += [*(real / "mozilla__readability").rglob("source.html"), *(real / "ovdinfo__reports").rglob("index.html")]
    for path in pages:
        assert read_html(path.read_bytes(), f"https://a.example/{path.parent.name}").text
    assert len(pages) > 30
