"""What stands in front of a page: consent walls, bot challenges, "please enable JavaScript", errors sent as pages.

Each is refused with what it is and what to do, so that it is never kept as a text or taken for an edit of one.
"""

import re
from collections.abc import Sequence

from crawler.read.clean import one_line
from crawler.read.model import WrongShape
from crawler.read.passages import Block
from crawler.read.safe_xml import Element, local

_MOST = 4000  # characters; no wall says more, and an article about cookies does
_LITTLE = 600  # characters; a page with more of its own has a text, whatever its <noscript> says
_REST = 200  # characters; a page with no more may be the frame of what scripts write
_SHARE = 0.6  # of a wall's sentences speak of consent; "We process your data to:" does not
_SORRY = 1500  # characters; a page that says it is not there may add what else there is, and a search
_BUTTON = 60  # characters; what is longer is no choice to click but a sentence about one
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n")
_BANNERS = 12_000  # characters; no banner is longer, lists of partners included
_DENSE = 200  # characters; a banner speaks of consent at least so often
_LEAST = 40  # characters that must be left when a banner is taken out


class Wall(WrongShape):
    """Something stands in front of the page. The message says what, and how the page can be had."""


_CONSENT = re.compile(
    r"cookies?\b|cookie-?(?:instellingen|voorkeuren|richtlinie|einstellungen|beleid)|\bконсент|куки|кукі|"
    r"\bprivacy\b|privacyverklaring|privatsphäre|vie\s+privée|datenschutz|конфиденциальност|конфіденційн|приватн[іо]ст|"
    r"\bconsent(?:ement)?\b|toestemming|einwilligung|zustimm|соглас(?:ие|ен|иться|ия)|(?:згод[аиу]|погодж)|"
    r"\bpartners\b|partenaires|партн[её]р|tracking|tracers|traceurs|персональн\w+\s+данн|персональн\w+\s+даних|"
    r"personal\s+data|persoonsgegevens|personenbezogen|données\s+personnelles|legitimate\s+interest|gerechtvaardigd\s+belang|"
    r"personali[sz]ed\s+(?:ads|content)|gepersonaliseerde|personalisierte|personnalisé|персонал[иі]з|"
    r"store\s+and(?:/or)?\s+access\s+information|advertis(?:ing|ements?)|advertenties|werbung|publicités?|реклам",
    re.IGNORECASE,
)
_CHOICE = re.compile(
    r"accept\s+(?:all|cookies|and|&)|\bi\s+(?:accept|agree|consent)\b|agree\s+(?:and|&)\s+(?:close|continue|proceed)|reject\s+all|"
    r"manage\s+(?:options|preferences|settings|cookies|choices)|cookie\s+settings|before\s+you\s+continue|"
    r"(?:alle(?:s|\s+cookies)?|cookies)\s+(?:accepteren|toestaan|weigeren|aanvaarden)|accepteer\s+(?:alle|cookies)|akkoord|"
    r"instellingen\s+(?:beheren|aanpassen|wijzigen)|voorkeuren\s+(?:beheren|aanpassen)|voordat\s+(?:je|u)\s+(?:verdergaat|verder)|"
    r"(?:vragen|geef|geven)\s+(?:\w+\s+){0,4}toestemming|"
    r"(?:alle[sn]?|cookies)\s+(?:akzeptieren|zulassen|ablehnen)|akzeptieren\s+und|zustimmen|einstellungen\s+verwalten|"
    r"mit\s+werbung\s+(?:lesen|weiterlesen|nutzen)|bevor\s+(?:sie|du)\s+(?:fortfahren|weiter)|"
    r"(?:tout|accepter\s+et|tous)\s+(?:accepter|refuser|fermer|continuer)|j['’]accepte|continuer\s+sans\s+accepter|"
    r"param[éè]trer|gérer\s+(?:mes|les)\s+(?:choix|préférences|cookies)|avant\s+de\s+continuer|"
    r"принять\s+(?:вс|cookie|куки|и)|принимаю|согласен|соглашаюсь|отклонить\s+вс|настро(?:йки|ить)\s+(?:cookie|файл|куки)|"
    r"прийняти\s+(?:вс|cookie|куки|кукі)|приймаю|погоджуюс|відхилити\s+вс|налаштува\w+\s+(?:cookie|файл)",
    re.IGNORECASE,
)
_SCRIPT = re.compile(
    r"(?:enable|turn\s+on|activate|requires?|needs?|without)\s+(?:\w+\s+){0,2}java\s?script|"
    r"java\s?script\s+(?:is|to\s+be|must\s+be|has\s+been|appears\s+to\s+be)\s+(?:\w+\s+)?(?:disabled|required|enabled|turned\s+off|off)|"
    r"(?:schakel|zet)\s+(?:\w+\s+){0,2}javascript|javascript\s+(?:in(?:\s+te)?\s*schakelen|staat\s+uit|is\s+(?:uitgeschakeld|vereist|nodig))|"
    r"aktivieren\s+sie\s+(?:\w+\s+){0,2}javascript|javascript\s+(?:\w+\s+){0,3}(?:aktivier|deaktiviert|erforderlich|benötigt|eingeschaltet)|"
    r"(?:activer|activez)\s+(?:le\s+)?javascript|javascript\s+(?:\w+\s+){0,2}(?:désactivé|requis|nécessaire|activé)|"
    r"(?:включ\w+|активир\w+|необходим\w*|требуется|отключ[её]н\w*)\s+(?:\w+\s+){0,3}java\s?script|"
    r"java\s?script\s+(?:\w+\s+){0,2}(?:отключ|выключ|включ|необходим|требуется)|"
    r"(?:увімкн\w+|активуй\w*|потрібн\w+|вимкнен\w*)\s+(?:\w+\s+){0,3}java\s?script|java\s?script\s+(?:\w+\s+){0,2}(?:вимкнен|увімкн|потрібн)",
    re.IGNORECASE,
)
_CHALLENGE = re.compile(
    r"^(?:just\s+a\s+moment|un\s+instant|(?:nur\s+)?einen\s+moment(?:\s+bitte)?|een\s+(?:ogenblik|moment)\s+geduld|"
    r"even\s+geduld|один\s+момент|зачекайте|подождите)\W*$|checking\s+(?:your\s+browser|if\s+the\s+site\s+connection)|verif(?:y|ying)\s+(?:that\s+)?you\s+are\s+(?:a\s+)?"
    r"(?:human|not\s+a\s+(?:ro)?bot)|are\s+you\s+(?:a\s+)?(?:human|robot)|attention\s+required!?\s*\|\s*cloudflare|"
    r"needs\s+to\s+review\s+the\s+security\s+of\s+your\s+connection|complete\s+the\s+(?:security\s+check|captcha)|"
    r"sorry,\s+you\s+have\s+been\s+blocked|unusual\s+traffic|"
    r"pardon\s+our\s+interruption|ddos[- ]guard|press\s+(?:&|and)\s+hold|"
    r"performing\s+security\s+verification|bot\s+(?:detection|verification|protection)|request\s+unsuccessful\.\s+incapsula|"
    r"(?:bevestig|controleren|verifieer)\s+(?:\w+\s+){0,3}(?:mens|robot)|"
    r"sicherheitsüberprüfung|bestätigen\s+sie,?\s+dass\s+sie\s+(?:ein\s+mensch|kein\s+roboter)|"
    r"vérifi\w+\s+(?:que\s+)?vous\s+(?:êtes|n['’]êtes)\s+(?:un\s+)?(?:humain|pas\s+un\s+robot)|"
    r"проверка\s+(?:\w+\s+)?(?:браузера|безопасности)|подтвердите,?\s+что\s+(?:вы|запросы)\s+|вы\s+не\s+робот|"
    r"перевірка\s+(?:\w+\s+)?(?:браузера|безпеки)|підтвердьте,?\s+що\s+ви|ви\s+не\s+робот",
    re.IGNORECASE,
)
_FAULT = re.compile(
    r"^(?:(?:due\s+to|because\s+of|door|wegens|vanwege|aufgrund|wegen|en\s+raison\s+de|из-за|через)\s+(?:een\s+|a\s+|de\s+)?)?"
    r"(?:technical\s+difficulties|technische[rn]?\s+(?:storing|problemen|schwierigkeiten|störung)|difficultés\s+techniques|"
    r"технические\s+(?:неполадки|работы|проблемы)|техническим\s+причинам|технічні\s+(?:роботи|проблеми|несправності))|"
    r"^(?:error\s+)?(?:\d{3}\s*+(?:[-–:|]\s*+)?)?(?:access\s+denied|forbidden|service\s+(?:temporarily\s+)?unavailable|bad\s+gateway|"
    r"internal\s+server\s+error|toegang\s+geweigerd|zugriff\s+verweigert|accès\s+refusé|доступ\s+(?:запрещ[её]н|заборонено))|"
    r"(?:site|page|website|we(?:['’]re|\s+are)?)\s+(?:\w+\s+){0,2}experiencing\s+technical\s+difficulties|"
    r"(?:site|pagina|website|seite|page)\s+(?:\w+\s+){0,2}(?:temporarily\s+(?:unavailable|down)|tijdelijk\s+niet|"
    r"vorübergehend\s+nicht|momentanément\s+indisponible)|сайт\s+временно\s+недоступен|сайт\s+тимчасово\s+недоступний",
    re.IGNORECASE,
)
# The whole of a title's part or of a heading; "Page not found in the archive of the regiment" is a title of something.
_NO_PAGE = re.compile(
    r"(?:\W*(?:oops|sorry|whoops|error|erreur|fehler|fout|foutmelding|ошибка|помилка|fel|fejl|feil|http|status|404)\b)*\W*(?:"
    r"(?:(?:the|this|that|your|requested|web)\s+)*page\s+(?:you\s+(?:requested|are\s+looking\s+for|were\s+looking\s+for)\s+)?"
    r"(?:was\s+|is\s+)?(?:not\s+(?:be\s+)?found|(?:could\s*n[o'’]t|can\s*no?t|can['’]t)\s+be\s+found|(?:does\s+not|doesn['’]t|no\s+longer)\s+exists?)|"
    r"(?:we\s+)?(?:could\s*n[o'’]t|can\s*no?t|can['’]t)\s+find\s+(?:that|this|the|your)\s+page|404\W+not\s+found|"
    r"(?:(?:de|deze|opgevraagde|gevraagde)\s+)*(?:web)?pagina\s+(?:is\s+|kan\s+|kon\s+)?(?:niet\s+(?:worden\s+)?gevonden|niet\s+(?:meer\s+)?(?:beschikbaar|bestaat)|bestaat\s+niet(?:\s+meer)?)|"
    r"(?:(?:die|diese|angeforderte|gewünschte)\s+)*(?:web)?seite\s+(?:wurde\s+|konnte\s+)?(?:leider\s+)?nicht\s+(?:gefunden(?:\s+werden)?|verfügbar)|"
    r"(?:(?:la|cette|demandée)\s+)*page\s+(?:demandée\s+)?(?:est\s+)?(?:introuvable|non\s+trouvée|inexistante|n['’]existe\s+(?:pas|plus)|n['’]a\s+pas\s+été\s+trouvée)|"
    r"(?:(?:запрашиваемая|запрошенная|такая|эта|данная)\s+)?страниц[аы]\s+(?:не\s+(?:найдена|существует)|больше\s+не\s+существует)|(?:такой\s+)?страницы\s+нет|"
    r"(?:(?:запитувану|таку|цю|запитана|така|ця)\s+)?сторінк[ауи]\s+не\s+(?:знайдено|знайдена|існує)|"
    r"sidan\s+(?:kunde\s+inte\s+hittas|hittades\s+inte|finns\s+inte)|"
    r"siden\s+(?:blev\s+ikke\s+fundet|kunne\s+ikke\s+findes|findes\s+ikke|finnes\s+ikke|ble\s+ikke\s+funnet)|"
    r"(?:fant|finner)\s+ikke\s+siden)(?:\W*\(?(?:error\s+)?404\)?)?\W*",
    re.IGNORECASE,
)
_NOTHING = re.compile(
    r"\W*(?:(?:error|http|fehler|fout|erreur|ошибка|помилка)\W+)?(?:404|not\s+found|niet\s+gevonden|nicht\s+gefunden|"
    r"introuvable|не\s+найдено|не\s+знайдено)\W*(?:error)?\W*", re.IGNORECASE
)  # fmt: skip  # says so only of a page that has next to no text
_BESIDE = re.compile(r"(?<!\s)\s+[|–—·»:-]\s+|(?:(?<!\s)\s+)?\|\s*")  # between a page's title and the name of its site
_MACHINES = re.compile(
    r"/cdn-cgi/challenge-platform/|_cf_chl_opt|_Incapsula_Resource|px-captcha|captcha-delivery\.com|ddos-guard|"
    r"awswaf|/_sec/cp_challenge|geo\.captcha",
    re.IGNORECASE,
)
_SHELLS = frozenset(["root", "app", "__next", "__nuxt", "___gatsby", "react-root", "app-root", "main-app"])
_BANNER = re.compile(
    r"cookie|consent|gdpr|onetrust|didomi|cybot|usercentrics|sp_message|cmp(?:box|-container)|qc-cmp|privacy-?(?:gate|wall|banner)",
    re.IGNORECASE,
)

_RENDER = (
    "if the page needs a browser set render = true in the source, else open it in one and add what it shows by hand"
)
_MOVED = (
    "look where the publisher keeps it now and correct the source (a relaunch?); what is held of it stands unchanged"
)
_LATER = "ask again later from another network, or open it in a browser and add what it shows by hand"


def refuse_walls(tree: Element, blocks: Sequence[Block], url: str | None) -> None:
    """Raise Wall when the main text that was found is a wall, a shell or an error page; else do nothing.

    Only short texts can be: an article that is about cookies, or a page that carries a banner, is left alone.
    """
    refuse_absent(tree, blocks, url)
    lines = [block.text for block in blocks]
    size = sum(map(len, lines))
    what = ("a consent wall (cookies)", _RENDER) if asks_consent(tree, blocks) else None
    if what is None and size <= _LITTLE:
        head = one_line(" ".join("".join(t.itertext()) for t in tree.iter("title"))) or ""
        what = _challenge(tree, head, lines) or _shell(tree, "\n".join(lines), size)
    if what:
        raise Wall(f"{url or 'this page'}: {what[0]} where a page was promised ({size} characters of text); {what[1]}")


def refuse_absent(tree: Element, blocks: Sequence[Block], url: str | None) -> None:
    """Raise Wall when a short page calls itself "page not found", whatever status it was sent with; else do nothing.

    Its title (without the site's name) or first heading must say that and no more: an article may well be called
    "Page not found: what the ministry deleted".
    """
    size = sum(len(block.text) for block in blocks)
    if size > _SORRY:
        return
    says = _NO_PAGE.fullmatch if size > _REST else lambda name: _NO_PAGE.fullmatch(name) or _NOTHING.fullmatch(name)
    head = one_line(" ".join("".join(t.itertext()) for t in list(tree.iter("title"))[:1])) or ""
    headings = _headings(tree, blocks)
    telling = [h for h in headings if not says(h)]  # a heading that says it and more belongs to an article
    parts = [p for p in (head, *_BESIDE.split(head)) if not any(p.casefold() in more.casefold() for more in telling)]
    said = next(filter(says, [*headings, *parts]), None)
    if said:
        raise Wall(f"{url or 'this page'}: a page that says {said[:60]!r} where a text was promised ({size} characters "
                   f"of text); {_MOVED}")  # fmt: skip


def _headings(tree: Element, blocks: Sequence[Block]) -> list[str]:
    """The first <h1> of the page and the first heading of its text."""
    first = [one_line("".join(element.itertext())) for element in list(tree.iter("h1"))[:1]]
    return [*filter(None, first), *[block.text for block in blocks[:3] if block.heading][:1]]


def asks_consent(tree: Element, blocks: Sequence[Block]) -> bool:
    """Whether this text speaks of hardly anything but consent, with a choice beside it: a button, a short line.

    An article about cookies has more sentences about something else, and lets nobody choose.
    """
    lines = [block.text for block in blocks]
    size = sum(map(len, lines))
    if not 0 < size <= _MOST or len(_CONSENT.findall("\n".join(lines))) < 2:
        return False
    choices = [*(line for line in lines if len(line) <= _BUTTON), *_buttons(tree)]
    if not any(map(_CHOICE.search, choices)):
        return False
    sentences = [sentence for line in lines for sentence in _SENTENCE.split(line)]
    return sum(len(s) for s in sentences if _CONSENT.search(s) or _CHOICE.search(s)) >= _SHARE * size


def _challenge(tree: Element, head: str, lines: list[str]) -> tuple[str, str] | None:
    said = [head, *lines]
    if any(_CHALLENGE.search(line) for line in said) or (
        sum(map(len, lines)) <= _REST and _MACHINES.search(_code(tree))
    ):
        return "a check whether the reader is a person", _LATER
    if any(_FAULT.search(line) for line in said if len(line) <= _REST):
        return f"an error page of the site ({head or lines[0][:60]})", _LATER
    return None


def _shell(tree: Element, text: str, size: int) -> tuple[str, str] | None:
    """A page that is made in the browser: it asks for JavaScript, or has an empty place for what scripts write."""
    asks = _SCRIPT.search(text) or (size <= _REST and _SCRIPT.search(_unscripted(tree)))
    if asks or (size <= _REST and any(_is_shell(element) for element in tree.iter("div", "main", "app-root"))):
        return "a page that is made by JavaScript, and nothing of it", _RENDER
    return None


def _is_shell(element: Element) -> bool:
    named = element.get("id") in _SHELLS or local(element) == "app-root"
    return named and not "".join(element.itertext()).strip()


def _unscripted(tree: Element) -> str:
    return " ".join(" ".join("".join(element.itertext()).split()) for element in tree.iter("noscript"))


def _code(tree: Element) -> str:
    return " ".join(f"{element.get('src') or ''} {(element.text or '')[:2000]}" for element in tree.iter("script"))


def _buttons(tree: Element) -> list[str]:
    """What stands on the buttons and links of the page."""
    texts = (" ".join("".join(element.itertext()).split()) for element in tree.iter("button", "a", "label"))
    return [text for text in texts if 0 < len(text) <= _BUTTON]


def without_banners(root: Element) -> bool:
    """Take the consent banners out of a copy of a page; whether there were any.

    They are told by their name and by what they say; one that holds nearly all of the page is left.
    """
    total = _length(root)
    found = False
    for element in root.xpath(".//*[@id or @class]"):
        name = f"{element.get('id') or ''} {element.get('class') or ''}"
        if not _BANNER.search(name) or element.getparent() is None:
            continue
        words = " ".join(element.itertext())
        dense = len(_CONSENT.findall(words)) * _DENSE > len(words)
        if dense and len(words) < _BANNERS and total - _length(element) >= _LEAST:
            element.drop_tree()
            found = True
    return found


def _length(element: Element) -> int:
    return len(" ".join(" ".join(element.itertext()).split()))
