"""Tagging: what a passage is about, where it says so, and what only looks like it."""

import hashlib
import json
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from coi import cli
from review.folding import fold
from review.notation import check_class, expand
from review.tagging import RULES_VERSION, Tagger, Tags, rules_version, tag, tagger
from review.vocabulary import LANGUAGES, check_vocabulary, load_groups, load_vocabulary
from store.declared import DeclarationError, unread

DEV_DIGEST = "73d4cec62aafcc2eba157c9a64b663e75f4b250bdd656e3f2fa761f1fc7bec2c"
MACRO_FLOOR = 0.97  # measured 0.989 on the file of this digest; its passages were read while the vocabulary was made
GROUP_FLOOR = 0.90
COUNTRY_FLOOR = 0.97
TOPIC_FLOOR = 0.92


def digest_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def groups(text: str, lang: str | None = None) -> set[str]:
    return {mention.value for mention in tag(text, lang).groups}


@pytest.fixture(scope="module")
def dev(shared: Path) -> list[dict]:
    path = shared / "data" / "passages-dev.jsonl"
    if not path.is_file():
        pytest.skip("the labelled passages are not beside this checkout")
    if digest_of(path) != DEV_DIGEST:
        pytest.skip("the labelled passages are another edition than the one these floors were measured on")
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


class TestLabelledPassages:
    def test_groups_stay_above_their_floor(self, dev: list[dict]) -> None:
        counts: dict[str, Counter[str]] = {name: Counter() for name in load_groups()}
        for row in dev:
            said, found = set(row["groups"]), groups(row["text"], row["lang"])
            for name, count in counts.items():
                count[f"{name in said}{name in found}"] += 1
        scores = {
            name: 2 * count["TrueTrue"] / (2 * count["TrueTrue"] + count["TrueFalse"] + count["FalseTrue"])
            for name, count in counts.items()
        }
        assert min(scores.values()) >= GROUP_FLOOR, scores
        assert sum(scores.values()) / len(scores) >= MACRO_FLOOR, scores

    @pytest.mark.parametrize(("field", "floor"), [("country", COUNTRY_FLOOR), ("topic", TOPIC_FLOOR)])
    def test_country_and_topic_stay_above_their_floor(self, dev: list[dict], field: str, floor: float) -> None:
        right = 0
        for row in dev:
            mention = getattr(tag(row["text"], row["lang"]), field)
            right += (mention.value if mention else None) == row[field]
        assert right / len(dev) >= floor


# Written for these tests: language, expected groups, passage.
SAID = [
    ("en", "deserters", "The corporal walked away from his regiment at night and never came back."),
    ("en", "conscripts", "Half of the platoon were lads doing their compulsory year."),
    ("en", "critics", "She was fined for posting that the war was a crime."),
    ("en", "journalists", "Two editors of the paper were jailed after a raid."),
    ("en", "objectors conscripts", "As a conscientious objector he asked for alternative civilian service."),
    ("en", "deserters", "A mutinous unit: none of the men obeyed, and desertion was punished with a pit."),
    ("nl", "conscripts", "Dienstplichtontduikers krijgen geen rijbewijs meer."),
    ("nl", "reservists", "Gemobiliseerden uit het dorp liggen al een jaar aan het front."),
    ("nl", "objectors conscripts", "De gewetensbezwaarde kreeg geen vervangende dienst."),
    ("nl", "lgbtq", "Een lesbisch stel werd op straat bedreigd."),
    ("ru", "conscripts", "Срочников из Твери вывезли на полигон."),
    ("ru", "conscripts", "Уклонистам запретили выезд."),
    ("ru", "deserters", "Пятисотых вернули в строй силой."),
    ("ru", "reservists", "Мобиков кормили раз в день."),
    ("ru", "religious", "Свидетеля Иеговы отправили под домашний арест."),
    ("uk", "conscripts", "Строковиків вивезли до кордону."),
    ("uk", "deserters", "За СЗЧ відкрили кримінальне провадження."),
    ("uk", "reservists", "Працівники ТЦК перевіряли документи."),
    ("de", "objectors conscripts", "Wehrdienstverweigerer stellten einen Antrag."),
    ("de", "deserters", "Wegen Fahnenflucht drohen ihm zehn Jahre."),
    ("de", "reservists", "Die Teilmobilmachung traf vor allem arme Regionen."),
    ("fr", "conscripts", "Les appelés du contingent restent en caserne."),
    ("fr", "deserters", "Les déserteurs sont jugés par un tribunal militaire."),
    ("fr", "objectors conscripts", "Un objecteur de conscience a été débouté."),
]

LOOK_ALIKES = [
    ("en", "The dunes of the desert were deserted, and film critics loved the picture."),
    ("en", "The nature reserve and the reserve bank both opened their doors to students."),
    ("en", "State of the art: the draft resolution on student loans was adopted."),
    ("en", "Mr Justice Gay refused to leave the lawn in front of the bank."),
    ("en", "The High Court refused to surrender the requested person under the warrant."),
    ("nl", "Het ziekenhuis vraagt vrijwilligers om patiënten na een operatie te mobiliseren."),
    ("nl", "Het hotel lag er in de winter verlaten bij; de woestijn begon achter de tuin."),
    ("nl", "De reservebank klapte en de kunstcritici floten."),
    ("ru", "С призывом беречь воду обратился мэр, призовой фонд конкурса вырос."),
    ("ru", "Срочный вклад открыт; малыш-отказник ждёт приёмную семью в роддоме."),
    ("uk", "Призовий фонд зріс, а строковий депозит подорожчав."),
    ("de", "Die Reservebank jubelte, die Wüste lag hinter der Stadt, und die Filmkritiker schwiegen."),
    ("fr", "La réserve naturelle est un désert de sel ; les critiques gastronomiques s'y ennuient."),
]


@pytest.mark.parametrize(("lang", "expected", "text"), SAID)
def test_says_something_about_the_group(lang: str, expected: str, text: str) -> None:
    assert set(expected.split()) <= groups(text, lang)


@pytest.mark.parametrize(("lang", "text"), LOOK_ALIKES)
def test_look_alikes_are_not_tagged(lang: str, text: str) -> None:
    assert groups(text, lang) == set()


class TestMeaning:
    def test_a_negated_fact_keeps_the_label_and_a_denied_membership_drops_it(self) -> None:
        assert "conscripts" in groups("No conscripts were sent to the front.", "en")
        assert "deserters" not in groups("The applicant is not a deserter: his contract had ended.", "en")
        assert "deserters" not in groups("Eiser is geen deserteur; zijn contract was verlopen.", "nl")
        assert "deserters" not in groups("Он не дезертир, контракт закончился.", "ru")

    @pytest.mark.parametrize(
        ("lang", "text"),
        [
            ("en", "According to the service, a draft of the plan was discussed."),
            ("en", "According to the immigration service, Russian men were called up to the hearing."),
            ("en", "According to the intelligence service, vehicles were lost within months."),
            ("nl", "Volgens de dienst vroegen Russische mannen binnen twaalf maanden asiel aan."),
            ("ru", "По данным миграционной службы, мужчины просили убежища."),
        ],
    )
    def test_a_service_that_reports_is_not_military_service(self, lang: str, text: str) -> None:
        assert "conscripts" not in groups(text, lang)

    @pytest.mark.parametrize(
        ("lang", "text"),
        [
            ("nl", "Gewetensbezwaarden zaten maanden in een Russische cel."),
            ("en", "The conscientious objector spent eleven months in a Russian prison."),
        ],
    )
    def test_a_number_of_months_is_no_alternative_service(self, lang: str, text: str) -> None:
        assert tag(text, lang).topic.value != "alternative_service"
        assert tag("Alternative service lasts 21 months in Russia.", "en").topic.value == "alternative_service"

    def test_a_source_is_not_a_subject(self) -> None:
        assert "journalists" not in groups("According to a reporter, two men were arrested in Omsk.", "en")
        assert "activists" not in groups("Activists say that three soldiers were beaten.", "en")
        assert "activists" in groups("The activist was beaten by police in Omsk.", "en")

    @pytest.mark.parametrize(
        ("lang", "text"),
        [
            ("en", "A kindergarten cook was fined for discrediting the army."),
            ("nl", "De lerares werd ontslagen nadat een leerling had opgenomen wat zij over de oorlog zei."),
        ],
    )
    def test_a_child_that_only_stands_by_does_not_suffer(self, lang: str, text: str) -> None:
        assert "children" not in groups(text, lang)

    def test_whom_a_lawyer_acts_for_is_not_the_subject(self) -> None:
        assert "objectors" not in groups("De advocate die dienstweigeraars kosteloos bijstond, is geschrapt.", "nl")

    def test_history_has_no_group_and_no_country(self) -> None:
        tags = tag("In 1942 the Soviet Union shot deserters behind the front.", "en")
        assert (tags.groups, tags.country) == ((), None)
        assert groups("Since 1979 deserters have been amnestied every ten years.", "en") == {"deserters"}

    def test_a_list_of_topics_and_the_theme_of_a_book_do_not_count(self) -> None:
        assert groups("The report covers conscription, desertion and prisons.", "en") == set()
        assert groups("She wrote a novel about deserters.", "en") == set()

    @pytest.mark.parametrize(
        ("text", "service"),
        [
            ("A contract soldier deserted from his unit near Omsk.", "contract"),
            ("A conscript deserted from his unit near Omsk.", "conscript"),
            ("A mobilised man deserted from his unit near Omsk.", "mobilised"),
            ("Deserters are tried by military courts.", "unknown"),
        ],
    )
    def test_deserters_carry_their_service(self, text: str, service: str) -> None:
        mention = next(one for one in tag(text, "en").groups if one.value == "deserters")
        assert mention.attributes == (("service", service),)


def spelled(tags: Tags) -> list[str]:
    return [span.surface for mention in tags.groups for span in mention.spans]


class TestSpans:
    @pytest.mark.parametrize(
        ("lang", "text", "surface"),
        [
            ("ru", "Он само-\nвольно оставил часть.", "само-\nвольно оставил"),
            ("en", "The de\u00adserter\u00ads hid.", "de\u00adserter\u00ads"),
            ("en", "\U0001f600 The con\u200bscripts hid.", "con\u200bscripts"),
            ("en", "The con-\nscr1pts hid.", "con-\nscr1pts"),
            ("fr", "Les de\u0301serteurs.", "de\u0301serteurs"),
            ("ru", "Пpизывники ждут.", "Пpизывники"),  # the second letter is a Latin p
        ],
    )
    def test_broken_words_are_found_and_shown_as_written(self, lang: str, text: str, surface: str) -> None:
        assert surface in spelled(tag(text, lang))

    @settings(max_examples=60, deadline=None)
    @given(
        st.lists(
            st.sampled_from(
                ["conscripts", "de\u00adserters", "\u200b", "\U0001f980", "re-\nservists", "ﬁned", "İ", "й", "  "]
            )
            | st.text(max_size=6),
            max_size=12,
        ),
        st.sampled_from([None, *LANGUAGES]),
    )
    def test_every_span_is_a_piece_of_the_original(self, parts: list[str], lang: str | None) -> None:
        text = " ".join(parts)
        tags = tag(text, lang)
        for mention in (*tags.groups, *([tags.country] if tags.country else []), tags.topic):
            for span in mention.spans:
                assert 0 <= span.start < span.end <= len(text)
                assert text[span.start : span.end] == span.surface

    @settings(max_examples=60, deadline=None)
    @given(st.text(max_size=80))
    def test_folding_leads_every_character_back(self, text: str) -> None:
        folded = fold(text)
        for position in range(1, len(folded.text) - 1):
            start, end = folded.origin(position, position + 1)
            assert 0 <= start < end <= len(text)


class TestHostileText:
    @pytest.mark.parametrize("text", ["", "x", "я", "\u200b", "\n", "1", "\U0001f600", "مجندون", "\x00"])
    def test_next_to_nothing_is_tagged_as_nothing(self, text: str) -> None:
        tags = tag(text)
        assert (tags.groups, tags.country, tags.topic.value) == ((), None, "other")

    def test_a_passage_of_a_megabyte(self) -> None:
        text = "The deserter hid in the forest near Omsk. " * 24_000
        mention = next(one for one in tag(text, "en").groups if one.value == "deserters")
        assert mention.spans[0].surface == "deserter"

    def test_a_quotation_in_the_other_alphabet_is_searched(self) -> None:
        assert "conscripts" in groups("Op de brief stond: весенний призыв.", "nl")

    @pytest.mark.parametrize("lang", [None, "xx"])
    def test_the_language_is_decided_where_it_is_not_given(self, lang: str | None) -> None:
        assert tag("De dienstplichtige werd naar het front gestuurd.", lang).lang == "nl"
        assert tag("Призывники ждут решения суда.", lang).lang == "ru"
        assert tag("Призовники чекають на рішення суду.", lang).lang == "uk"


GROUP = """
title = "Nurses"
title_nl = "Verpleegkundigen"
definition = "Nurses."
definition_nl = "Verpleegkundigen."
not = "Doctors."
version = 1
[words.named]
en = {terms}
[[rules]]
id = "named"
any = ["{used}"]
"""


class TestDeclarations:
    def written(self, folder: Path, terms: str = '["nurse(|s)"]', used: str = "named") -> Path:
        (folder / "nurses.toml").write_text(GROUP.format(terms=terms, used=used), "utf-8")
        return folder

    def test_what_ships_is_well_written(self) -> None:
        check_vocabulary(load_vocabulary())
        assert len(load_groups()) == 12

    def test_an_operator_may_add_a_group(self, tmp_path: Path) -> None:
        own = Tagger([self.written(tmp_path)])
        assert [one.value for one in own.tag("The nurses left.", "en").groups] == ["nurses"]
        assert own.rules_version != RULES_VERSION == rules_version()

    @pytest.mark.parametrize(
        ("terms", "message"),
        [
            ('["nurse", ""]', "at least 1 character"),
            ('["(|)"]', "empty"),
            ('["nurs*", "nurse"]', r"nurses\.named.*'nurse'.*overlaps with 'nurs\*'"),
            ('["nurse(s"]', "not closed"),
            ('["nu*rse"]', "only at the start"),
            ('["nurse{ый}"]', "no paradigm 'ый'"),
            ('["nurse{ый"]', "a brace is not opened or not closed"),
            ('["' + "(" * 900 + "a" + ")" * 900 + '"]', "more than 10 deep"),
            ('["' + "x" * 1_000_000 + '"]', "1,000,000 letters"),
        ],
    )
    def test_a_wrong_term_says_what_is_wrong(self, tmp_path: Path, terms: str, message: str) -> None:
        with pytest.raises(DeclarationError, match=message):
            Tagger([self.written(tmp_path, terms)])

    @pytest.mark.parametrize(
        ("more", "message"),
        [
            ('unless = ["named"]\n', "'unless' names 'named' as 'any' does"),
            ('[[implies]]\ngroup = "nurses"\n', "cannot imply or exclude itself"),
        ],
    )
    def test_a_group_that_contradicts_itself_is_refused(self, tmp_path: Path, more: str, message: str) -> None:
        text = self.written(tmp_path).joinpath("nurses.toml").read_text("utf-8")
        (tmp_path / "nurses.toml").write_text(text.rstrip() + "\n" + more, "utf-8")
        with pytest.raises(DeclarationError, match=message) as told:
            load_vocabulary([tmp_path])
        assert len(str(told.value)) < 1_000

    def test_a_folder_or_an_odd_name_among_the_files_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "sub.toml").mkdir()
        (tmp_path / "nur\nses.toml").write_text("", "utf-8")
        with pytest.raises(DeclarationError, match=r"(?s)the name of the file.*sub\.toml: cannot be read"):
            load_groups([tmp_path])
        assert unread(tmp_path / "nowhere") is None
        (tmp_path / "cues").mkdir()
        assert "change them there; read by nothing" in (unread(tmp_path) or "")

    def test_a_rule_without_its_words_says_what_was_meant(self, tmp_path: Path) -> None:
        with pytest.raises(DeclarationError, match=r"'name'.*Did you mean 'named'"):
            Tagger([self.written(tmp_path, used="name")])

    def test_notation_expands_into_surface_forms(self) -> None:
        assert set(expand("call-up(|s)", {}, "here")) == {" call up ", " callup ", " call ups ", " callups "}
        assert set(expand("призывник{м}", {"м": ("", "а")}, "here")) == {" призывник ", " призывника "}
        with pytest.raises(DeclarationError, match="overlaps"):
            check_class("x", "en", ["a(b|c)", "ac", "ab"], {})


def test_the_same_text_gives_the_same_tags_and_the_tagger_is_built_once() -> None:
    text = "Deserters from Omsk were jailed."
    assert tag(text, "en") == tag(text, "en")
    assert tagger() is tagger()


BAD_LINES = (
    (b'\xef\xbb\xbf{"id": "first", "text": "Deserters fled."}', None),
    (b'{"id": 2, "text": "Deserters \\ud800 fled."}', None),
    (b'{"id": "half \\udfff", "text": "Deserters fled."}', None),
    (b'{"id": 4, "text": "\xff"}', "line 4: not UTF-8"),
    (b"[" * 100_000 + b"]" * 100_000, "line 5: nested too deeply"),
    (b'{"id": 6, "text": "x", "published_on": "0001-01-01"}', "line 6: 'published_on': '0001-01-01' is before 1900"),
    (b'{"id": NaN, "text": "x"}', "line 7: 'id' is nan"),
    (b'{"id": null, "text": "x"}', "line 8: 'id' is None"),
    (b'{"id": {}, "text": "x"}', "line 9: 'id' is {}"),
    (b'{"id": 2, "text": "x"}', "line 10: id 2 stands in line 2 already"),
    (b'{"id": 11, "text": "x", "lang": ["ru"]}', "line 11: 'lang' is ['ru']"),
    (b'{"id": 12, "text": 12}', "line 12: 'text' is 12"),
    (b'{"id": 13, "text": "x", "published_on": 20220629}', "line 13: 'published_on': 20220629 is not a day"),
    (b"{", "line 14: not JSON"),
    (b'{"id": 15, "lang": "EN-gb", "text": "Deserters fled."}', None),
)


def test_a_bad_line_is_named_and_all_others_are_answered(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_bytes(b"\n".join(line for line, _ in BAD_LINES))
    done = CliRunner().invoke(cli, ["tag", "--jsonl", str(tmp_path / "in.jsonl")])
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == ["first", 2, "half \udfff", 15]
    assert all(answer["groups"] == ["deserters"] for answer in answers)
    assert done.exit_code == 1
    assert [said for _, said in BAD_LINES if said and said not in done.stderr] == []
