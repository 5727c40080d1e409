"""One origin that looks like several: other letters, words put in, other names for one voice, circles of names."""

from datetime import date, timedelta

import pytest

from review.origins import Certainty, OriginDoc, Rule, link, resolve
from review.origins_attribution import shipped_speakers
from review.origins_index import entry_of
from review.origins_library import Library

DAY = date(2022, 6, 2)  # a Thursday
TEXT = (
    "Russian conscripts were killed in fighting near Chernihiv in Ukraine on 1 June 2022, our reporter saw there. "
    "Their parents were told by telephone only days later and had been promised that they would stay in the camp."
)


def docs(*texts: str, lang: str = "en", names: tuple[str, ...] = ("Alfa", "Bravo", "Delta", "Echo")) -> list[OriginDoc]:
    """A document of another owner for each text, a day apart."""
    return [
        OriginDoc(
            id=name.lower(), publisher=name, owner=name, names=(name,), text=text, lang=lang,
            published_on=DAY + timedelta(days=n),
        )
        for n, (name, text) in enumerate(zip(names, texts, strict=False))
    ]  # fmt: skip


def origins(*documents: OriginDoc) -> list[str]:
    """Where each whole document ends up, merged steps only."""
    found = resolve(link(documents))
    return [found[doc.key].origin if doc.key in found else doc.key for doc in documents]


def statements(lang: str, text: str) -> set[str]:
    return {step.parent for step in link(docs(text, lang=lang)) if step.rule is Rule.STATEMENT}


def proposed(*documents: OriginDoc) -> set[tuple[str, str]]:
    return {(step.child, step.parent) for step in link(documents) if step.certainty is Certainty.PROPOSED}


def looking_alike(text: str, every: int) -> str:
    other = str.maketrans("aeopcxy", "аеорсху")
    return "".join(c.translate(other) if n % 3 == every else c for n, c in enumerate(text))


class TestLetters:
    def test_letters_of_another_alphabet_make_no_other_text(self):
        assert origins(*docs(TEXT, looking_alike(TEXT, 0), looking_alike(TEXT, 1))) == ["doc:alfa"] * 3

    def test_nor_do_unseen_signs_and_fullwidth_letters(self):
        unseen = " ".join(word[:2] + "\u00ad" + word[2:] for word in TEXT.split(" "))
        wide = "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isalnum() else c for c in TEXT)
        assert origins(*docs(TEXT, unseen, wide)) == ["doc:alfa"] * 3

    def test_an_agency_and_an_official_are_known_behind_such_letters(self):
        text = "The camp was closed, R\u0435uters reports. The Kr\u0435mlin said that nobody was hurt."
        assert {step.parent for step in link(docs(text))} == {"named:reuters", "said:ru-kremlin:2022-06-02"}

    @pytest.mark.parametrize("word", ["indeed", "also"])
    def test_a_word_after_every_fourth_is_proposed(self, word):
        put_in = " ".join(w + (f" {word}" if n % 4 == 3 else "") for n, w in enumerate(TEXT.split()))
        assert ("doc:bravo", "doc:alfa") in proposed(*docs(TEXT, put_in))

    def test_other_figures_among_the_same_words_are_no_copy(self):
        line = "The courts of the region convicted {} persons of evasion and most of them had to pay fines."
        assert link(docs(line.format(57), line.format(61).replace("most of", "nearly all of"))) == ()


CHANNEL = {
    "en": ("Men died, the Telegram channel Rybar writes.", "Men left, as Rybar wrote on Telegram.", "Rybar: Men fell."),
    "nl": ("Zij sneuvelden, schrijft het Telegramkanaal Rybar.", "Zoals Rybar op Telegram schreef, gaan zij weg.",
           "Rybar: Zij raakten gewond."),
    "ru": ("Они погибли, пишет телеграм-канал «Рыбарь».", "Они ушли, написал Рыбарь в своем телеграм-канале.",
           "Рыбарь: Они ранены."),
    "uk": ("Вони загинули, пише телеграм-канал «Рибар».", "Вони пішли, написав Рибар у Telegram.",
           "Рибар: Вони поранені."),
    "de": ("Sie fielen, schreibt der Telegram-Kanal Rybar.", "Wie Rybar auf Telegram schrieb, gingen sie.",
           "Rybar: Sie wurden verletzt."),
    "fr": ("Ils sont morts, écrit la chaîne Telegram Rybar.", "Comme Rybar l'a écrit sur Telegram, ils sont partis.",
           "Rybar : Ils sont blessés."),
}  # fmt: skip


class TestChannels:
    @pytest.mark.parametrize("lang", CHANNEL)
    def test_one_author_is_one_origin_however_named(self, lang):
        found = origins(*docs(*CHANNEL[lang], lang=lang))
        assert len(set(found)) == 1
        assert found[0].startswith("named:")

    def test_in_several_languages_too(self):
        one, two, three = (docs(CHANNEL[lang][n], lang=lang)[0] for n, lang in enumerate(("en", "ru", "de")))
        assert set(origins(one, OriginDoc(**fields(two, "x")), OriginDoc(**fields(three, "y")))) == {"named:rybar"}

    def test_a_blogger_and_his_channel(self):
        texts = ("Men died, a post by the blogger Zhivov says.", "Men left, as Zhivov wrote on his channel.",
                 "Zhivov: Men fell.", "Men went. Source: Zhivov")  # fmt: skip
        assert set(origins(*docs(*texts))) == {"named:zhivov"}

    @pytest.mark.parametrize(
        ("lang", "texts"),
        [
            ("en", ("Update: Men left the camp.", "Update: The river rose.")),
            ("en", ("On Telegram, users wrote that the men left.", "Nobody wrote on Telegram.")),
            ("de", ("Auf Telegram schrieben Soldaten, sie seien müde.", "Soldaten: Wir sind müde.")),
        ],
    )
    def test_what_is_nobodys_name_is_no_origin(self, lang, texts):
        assert link(docs(*texts, lang=lang)) == ()

    def test_officials_who_post_stay_officials(self):
        text = "They were captured, the Ukrainian army's press officer wrote on Telegram."
        assert statements("en", text) == {"said:ua-state-voice:2022-06-02"}
        assert origins(*docs(text)) == ["doc:alfa"]


def fields(doc: OriginDoc, name: str) -> dict[str, object]:
    return {
        "id": name, "publisher": name, "owner": name, "text": doc.text, "lang": doc.lang, "published_on": DAY,
    }  # fmt: skip


VOICES = [
    ("en", "Russian conscripts were killed there, Ukrainian officials said.", "ua-state-voice"),
    ("en", "They were taken prisoner on 2 June 2022, Kyiv says.", "ua-state-voice"),
    ("en", "Ukrainian officers showed this paper conscripts taken prisoner near Izium.", "ua-state-voice"),
    ("en", "The Ukrainian General Staff said that they left.", "ua-mod"),
    ("en", "The Defence Ministry in Moscow announced that they left.", "ru-mod"),
    ("nl", "Oekraïense functionarissen zeggen dat zij sneuvelden.", "ua-state-voice"),
    ("nl", "Volgens Kiev zijn zij gevangengenomen.", "ua-state-voice"),
    ("nl", "Oekraïense officieren toonden deze krant gevangen dienstplichtigen.", "ua-state-voice"),
    ("ru", "Украинские чиновники сообщили, что срочники погибли.", "ua-state-voice"),
    ("ru", "Киев заявил, что срочники в плену.", "ua-state-voice"),
    ("ru", "Украинские офицеры показали нашему изданию пленных срочников.", "ua-state-voice"),
    ("ru", "Минобороны Украины сообщило о срочниках.", "ua-mod"),
    ("uk", "Українські посадовці повідомили, що строковики загинули.", "ua-state-voice"),
    ("uk", "Київ заявляє, що строковики в полоні.", "ua-state-voice"),
    ("uk", "Українські офіцери показали нашому виданню полонених строковиків.", "ua-state-voice"),
    ("de", "Ukrainische Beamte sagten, Wehrpflichtige seien gefallen.", "ua-state-voice"),
    ("de", "Laut Kiew wurden Wehrpflichtige gefangen.", "ua-state-voice"),
    ("de", "Ukrainische Offiziere zeigten dieser Zeitung gefangene Wehrpflichtige.", "ua-state-voice"),
    ("de", "Laut dem russischen Verteidigungsministerium sind sie nicht dort.", "ru-mod"),
    ("de", "Der russische Verteidigungsminister sagte, sie seien nicht dort.", "ru-defence-minister"),
    ("fr", "Des responsables ukrainiens ont déclaré que des appelés sont morts.", "ua-state-voice"),
    ("fr", "Selon Kiev, des appelés ont été capturés.", "ua-state-voice"),
    ("fr", "Des officiers ukrainiens ont montré à notre journal des appelés capturés.", "ua-state-voice"),
    ("fr", "Le ministère russe de la défense a reconnu leur présence.", "ru-mod"),
    ("en", "Russia's defence ministry acknowledged it, a day after President Putin denied it.", "ru-mod"),
    ("nl", "Het Russische ministerie van Defensie heeft dat erkend, een dag nadat president Poetin dat had ontkend.",
     "ru-mod"),
    ("ru", "Минобороны признало это, на следующий день после того как Путин это отрицал.", "ru-mod"),
    ("uk", "Міноборони Росії визнало це, на наступний день після того як Путін це заперечив.", "ru-mod"),
    ("de", "Das russische Verteidigungsministerium bestätigte das, einen Tag nachdem Putin es bestritt.", "ru-mod"),
    ("fr", "Le ministère russe de la défense l'a reconnu, un jour après que Poutine l'a démenti.", "ru-mod"),
    ("en", "A mother told us that the Ukrainian army was nearby.", None),
]  # fmt: skip


@pytest.mark.parametrize(("lang", "text", "speaker"), VOICES)
def test_a_party_is_the_origin_whoever_carries_its_words(lang, text, speaker):
    assert {key.split(":")[1] for key in statements(lang, text)} == ({speaker} if speaker else set())


def test_both_sides_are_parties_under_one_owner_each():
    found = {s for _, _, s in VOICES if s}
    assert found <= set(shipped_speakers().titles)


class TestDays:
    @pytest.mark.parametrize(
        ("lang", "text"),
        [
            ("en", "The Kremlin said on Wednesday that nobody was hurt."),
            ("nl", "Het Kremlin zei woensdag dat niemand gewond was."),
            ("ru", "В Кремле в среду заявили, что никто не пострадал."),
            ("uk", "У Кремлі в середу заявили, що ніхто не постраждав."),
            ("de", "Der Kreml erklärte am Mittwoch, niemand sei verletzt."),
            ("fr", "Le Kremlin a déclaré mercredi que personne n'est blessé."),
        ],
    )
    def test_the_weekday_beside_the_word_of_saying_is_the_day(self, lang, text):
        assert statements(lang, text) == {"said:ru-kremlin:2022-06-01"}

    def test_one_speaker_has_one_day_in_one_text(self):
        text = (
            "Volgens het Russische ministerie van Defensie zijn daar geen dienstplichtigen. Dat zei de woordvoerder "
            "woensdag, een dag nadat president Poetin hetzelfde had beweerd."
        )
        assert statements("nl", text) == {"said:ru-mod:2022-06-01"}

    def test_a_copy_of_a_week_later_has_the_day_of_its_original(self):
        text = "The Kremlin said on Wednesday that nobody of the brigade was hurt in the fire at the camp."
        one, two = docs(text, text)
        late = OriginDoc(**fields(two, "late") | {"published_on": DAY + timedelta(days=8)})
        assert {s.parent for s in link([one, late]) if s.rule is Rule.STATEMENT} == {"said:ru-kremlin:2022-06-01"}

    def test_a_speaker_is_called_by_its_title(self):
        (step,) = link(docs("Moscow admits that they were there."))
        assert "Russian state voice" in step.why
        assert step.label == "Russian state voice, 2022-06-02"


class TestCircles:
    def test_three_that_name_each_other_are_one_circular_origin(self):
        texts = ("Russian conscripts were killed near Chernihiv in Ukraine on 1 June 2022, Bravo reports.",
                 "Russian conscripts were taken prisoner in Ukraine near Kharkiv on 2 June 2022, according to Delta.",
                 "Russian conscripts were wounded near Izium in Ukraine on 3 June 2022, Alfa reported.")  # fmt: skip
        found = resolve(link(docs(*texts)))
        assert {spring.origin for spring in found.values()} == {"doc:alfa"}
        assert all(spring.circular for spring in found.values())

    def test_a_chain_that_ends_is_no_circle(self):
        texts = (
            "Russian conscripts lie dead near Chernihiv in Ukraine, Bravo reports.",
            "Our reporter saw dead conscripts of a Russian brigade lying near Chernihiv, in Ukraine.",
        )
        assert origins(*docs(*texts)) == ["doc:bravo", "doc:bravo"]

    @pytest.mark.parametrize("line", ["Reporting by Reuters", "(Reporting by Jane Doe; editing by Reuters)",
                                      "(Reporting by Jane Doe for Reuters)", "Berichtgeving door Reuters"])  # fmt: skip
    def test_whose_reporters_these_are_is_an_agencys_mark(self, line):
        assert origins(*docs(f"Men left the camp at night and went south.\n{line}")) == ["named:reuters"]


class TestIncidents:
    def test_paraphrases_of_one_incident_are_proposed(self):
        texts = (
            "Russian conscripts were killed in fighting near Chernihiv in Ukraine on 1 June 2022.",
            "Conscripts from Russia died in combat close to Chernihiv, Ukraine, on 1 June 2022, said our reporter.",
            "On 1 June 2022, Russian conscripts lost their lives in battle in the area of Chernihiv in Ukraine.",
        )
        assert {("doc:bravo", "doc:alfa"), ("doc:delta", "doc:alfa")} <= proposed(*docs(*texts))
        assert len(set(origins(*docs(*texts)))) == 3

    @pytest.mark.parametrize(
        "other",
        [
            "Russian conscripts were killed in fighting near Chernihiv in Ukraine on 2 June 2022.",
            "Russian conscripts were killed in fighting near Kharkiv in Ukraine on 1 June 2022.",
            "Recruits were taken prisoner at Chernihiv by a patrol on 1 June 2022.",
        ],
    )
    def test_another_day_place_or_deed_is_another_incident(self, other):
        first = "On 1 June 2022 a bus with men from Pskov was hit at Chernihiv and 12 were killed."
        assert proposed(*docs(first, other)) == set()

    def test_across_languages(self):
        one = docs("Bei Tschernihiw fielen am 1. Juni 2022 Wehrpflichtige.", lang="de")[0]
        two = OriginDoc(**fields(docs("Срочники погибли под Черниговом 1 июня 2022 года.", lang="ru")[0], "ru"))
        assert any(step.certainty is Certainty.PROPOSED for step in link([one, two]))

    def test_an_initial_is_the_first_name_that_fits(self):
        texts = ("A mother, Olga Ivanova, told us that her son was gone.",
                 "This paper has met O. Ivanova, whose son was gone.",
                 "I. Petrov told us that he left.")  # fmt: skip
        assert proposed(*docs(*texts)) == {
            ("doc:alfa", "said:olga-ivanova:2022-06-02"), ("doc:bravo", "said:olga-ivanova:2022-06-02"),
        }  # fmt: skip


class TestAgencies:
    def test_a_page_of_the_agency_in_another_language_is_the_origin_not_its_name(self):
        wire = OriginDoc(
            id="rt", publisher="Reuters", owner="th", names=("Reuters",), published_on=DAY,
            text="Some conscripts were taken prisoner in Ukraine, the mothers of three men said on Friday.",
        )  # fmt: skip
        text = (
            "Enkele dienstplichtigen zijn in Oekraïne gevangengenomen, meldt persbureau Reuters.\n\n"
            "Een moeder uit Perm vertelt aan deze krant dat haar zoon sinds februari niet heeft gebeld."
        )
        paper = OriginDoc(**fields(docs(text, lang="nl")[0], "nl") | {"published_on": DAY + timedelta(days=1)})
        steps = [step for step in link([wire, paper]) if step.child == "doc:nl"]
        assert {(step.parent, step.start) for step in steps} == {("doc:rt", 0)}
        assert resolve(steps) == {}  # what was told to this paper is its own

    @pytest.mark.parametrize(
        ("lang", "text"),
        [
            ("en", "Men were taken away, Reuters reports. A mother told this newspaper that her son had not called."),
            ("nl", "Mannen zijn weggevoerd, meldt Reuters. Een moeder vertelt aan deze krant dat haar zoon zwijgt."),
            ("ru", "Мужчин увезли, сообщает Рейтер. Мать рассказала нашему изданию, что сын не звонил."),
            ("uk", "Чоловіків вивезли, повідомляє Рейтер. Мати розповіла нашому виданню, що син не дзвонив."),
            ("de", "Männer wurden weggebracht, meldet Reuters. Eine Mutter sagte dieser Zeitung, ihr Sohn schweige."),
            (
                "fr",
                "Des hommes sont partis, rapporte Reuters. Une mère a raconté à notre journal que son fils se tait.",
            ),
        ],
    )
    def test_a_text_with_an_interview_of_its_own_is_not_the_agencys(self, lang, text):
        steps = [step for step in link(docs(text, lang=lang)) if step.parent == "named:reuters"]
        assert [step.start for step in steps] == [0]

    def test_address_and_signature_say_nothing(self):
        letter = (
            "Aan de Voorzitter van de Tweede Kamer der Staten-Generaal\n\n{}\n\n"
            "De Staatssecretaris van Justitie en Veiligheid,\n\nE. van der Burg"
        )
        one = letter.format("Hierbij informeer ik uw Kamer over het besluitmoratorium voor dienstplichtigen.")
        two = letter.format("In deze brief bied ik het rapport over de opvang van minderjarigen in Ter Apel aan.")
        assert [s for s in link(docs(one, two, lang="nl")) if s.rule is not Rule.STATEMENT] == []


@pytest.mark.parametrize("day", [date.min, date.min + timedelta(days=1), date.max])
def test_a_document_of_the_edge_of_the_calendar_stops_nothing(day):
    text = "Bravo reports that Men were killed near Chernihiv, the Kremlin said on Wednesday, a day after the talks."
    odd = OriginDoc(**fields(docs(text)[0], "odd") | {"published_on": day})
    one, two = docs(TEXT, TEXT)
    library = Library.of([one, two, odd])
    assert entry_of(odd, "x", library, shipped_speakers()).keys
    assert ("doc:bravo", "doc:alfa") in {(s.child, s.parent) for s in link([one, two, odd])}
