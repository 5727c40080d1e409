"""Every decisive question: cue files that are checked, answers weighed clause by clause, and the labelled sets."""

import json
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review import evidence_questions
from review.declarations import load, natural
from review.evidence import PassageIn, Rulebook, propose
from review.evidence_counts import band, counts
from review.evidence_cues import LANGUAGES
from review.evidence_dates import facts_dates
from review.evidence_questions import check_question_cues, question_cues
from store.declared import DeclarationError

DECLARED = load()
BOOK = Rulebook.of(DECLARED.speakers.values())
DECISIVE = sorted(
    (q.id for q in DECLARED.questions.values() if q.decisive and q.set in {"G1", "G2", "G3", "G4", "G5"}), key=natural
)
OFF = {"unknown", "unclear"}
GROUPS = ("conscripts", "reservists", "deserters", "objectors", "critics")


def answers(text: str, lang: str, *groups: str, **known: object) -> dict[str, str]:
    passage = PassageIn(text=text, lang=lang, country="RU", groups=frozenset(groups), **known)  # type: ignore[arg-type]
    return {p.question_id: p.answer for p in propose(passage, DECLARED.questions.values(), BOOK)}


@dataclass
class Score:
    """How the proposals on one labelled set compare with what a careful reader expects."""

    expected: int = 0
    found: int = 0
    near: int = 0
    opposite: int = 0
    on_nothing: int = 0


def scored(name: str, digest: str) -> Score:
    """Run the rules over a labelled set; its digest is pinned, because floors hold for one edition only."""
    body = (Path(__file__).parent / "data" / name).read_bytes()
    assert sha256(body).hexdigest() == digest, f"{name} is another edition: measure again and pin new floors"
    score = Score()
    for line in body.decode().splitlines():
        row = json.loads(line)
        passage = PassageIn(
            text=row["text"], lang=row["lang"], country=row["country"], groups=frozenset(row["groups"]),
            published_on=date.fromisoformat(row["published_on"]),
        )  # fmt: skip
        got = {p.question_id: p.answer for p in propose(passage, DECLARED.questions.values(), BOOK)}
        votes = [answer for answer in got.values() if answer != "unknown"]  # a promise is shown and casts no vote
        score.on_nothing += len(votes) if not row["expected"] else 0
        for wanted in row["expected"]:
            score.expected += 1
            if (answer := got.get(wanted["question"])) is None:
                continue
            score.found += 1
            scale = DECLARED.questions[wanted["question"]].scale_values
            step = distance(answer, wanted["answer"], scale)
            score.near += step is not None and step <= 1
            score.opposite += step is not None and step == len(scale) - 1 and step > 1
    return score


def distance(one: str, other: str, scale: tuple[str, ...]) -> int | None:
    """Steps between two answers; None where one of them is off the scale and they differ."""
    if one == other or {one, other} <= OFF:
        return 0
    return abs(scale.index(one) - scale.index(other)) if {one, other} <= set(scale) else None


def test_the_set_the_cues_were_corrected_on():
    score = scored("evidence-dev.jsonl", "9a6edbc38949c5ee99a1e1fe414bdf48c9669c8a340800ec53751cebc5a87b3a")
    assert score.found / score.expected >= 0.72
    assert score.near / score.found >= 0.94
    assert score.opposite <= 1
    assert score.on_nothing == 0


def test_passages_nobody_looked_at_while_writing_the_cues():
    score = scored("evidence-unseen.jsonl", "7bd259e0fc2145495525feaa75c4b23db9aa357e0832ccf9f8803c7ca73dc637")
    assert score.found / score.expected >= 0.60
    assert score.near / score.found >= 0.85
    assert score.opposite == 0
    assert score.on_nothing == 0


def test_every_decisive_question_is_read_in_six_languages():
    cues = question_cues()
    assert [q for q in DECISIVE if q not in cues] == ["G1.3"]  # deployment has rules of its own
    assert all(evidence_questions.reader(q, lang) for q in cues for lang in LANGUAGES)
    assert check_question_cues(DECLARED.questions) == cues


@pytest.mark.parametrize(
    ("lang", "question", "answer", "text"),
    [
        ("en", "G5.a", "none", "No protester was detained at the picket, the mayor's office said."),
        ("en", "G5.a", "regular", "At anti-war rallies people are regularly detained."),
        ("nl", "G5.a", "isolated", "Bij de demonstratie werd een man aangehouden."),
        ("ru", "G5.5", "systematic", "Задержанных как правило избивают в отделе полиции."),
        ("uk", "G5.5", "isolated", "У відділку поліції затриману жінку побили."),
        ("de", "G5.e", "isolated", "Eine Studentin wurde nach einer Mahnwache exmatrikuliert."),
        ("fr", "G5.b", "isolated", "Un journaliste local a été condamné pour un article sur les pertes."),
        (
            "en",
            "G5.1",
            "yes",
            "Article 207.3 punishes false information with up to fifteen years in prison.",
        ),
        (
            "en",
            "G5.2",
            "101-1000",
            "The monitor counted six hundred criminal cases over anti-war posts.",
        ),
    ],
)
def test_critics_in_six_languages(lang, question, answer, text):
    assert answers(text, lang, "critics")[question] == answer


@pytest.mark.parametrize(
    ("lang", "group", "text"),
    [
        ("en", "critics", "Teachers fear that they will be dismissed if they speak against the war."),
        ("en", "critics", "Were students expelled for the picket?"),
        ("nl", "critics", "Docenten kunnen worden ontslagen als zij kritiek op de oorlog hebben."),
        ("ru", "critics", "Преподавателя могут уволить за антивоенный пост."),
        ("en", "critics", "A bill would punish false information on the army with ten years in prison."),
        ("en", "deserters", "Mobilised men who refused to fight were locked in a cellar."),
    ],
)
def test_fears_questions_bills_and_neighbours_cast_no_vote(lang, group, text):
    voting = {"isolated", "regular", "systematic", "yes", "partly"}
    assert not voting & set(answers(text, lang, group).values())


def test_telling_and_denying_side_by_side_is_mixed():
    text = "Detained protesters were beaten at the police station. The ministry denied this."
    assert answers(text, "en", "critics")["G5.5"] == "mixed"
    text = "It is unclear whether detained protesters are beaten at police stations."
    assert answers(text, "en", "critics")["G5.5"] == "unknown"


def test_a_reason_names_the_words_and_the_span_holds_them():
    text = "The weather was bad. A student was expelled from the university after a picket in March 2023."
    passage = PassageIn(
        text=text, lang="en", country="RU", groups=frozenset({"critics"}), published_on=date(2023, 5, 1)
    )
    (found,) = [p for p in propose(passage, DECLARED.questions.values(), BOOK) if p.question_id == "G5.e"]
    assert "'expelled'" in found.why
    assert text[found.start : found.end].startswith("A student")
    assert (found.facts_from, found.facts_to, found.subgroup) == (date(2023, 3, 1), date(2023, 3, 31), "e")


def write(folder: Path, name: str, text: str) -> Path:
    (folder / f"{name}.toml").write_text(f'title = "Own"\n{text}', "utf-8")
    return folder


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("G9.9", '[read]\nact = ["@beat"]\n', "'G9.9' is not declared"),
        ("G1.8", '[read]\nact = ["@beat"]\n[answers]\noften = ["@beat"]\n', "answer 'often' is not on the scale"),
        ("G1.8", '[read]\nact = ["@beat & "]\n', "has an empty term"),
        ("G1.8", '[read]\nact = ["@nosuch"]\n', "class @nosuch has no words in language 'en'"),
        ("G1.8", '[read]\nact = ["@beat"]\n[en]\nown = ["fine*", "fined"]\n', "'fined' overlaps with 'fine*'"),
        ("G1.8", '[read]\nact = ["@beat"]\n[en]\nown = ["~"]\n', "is empty"),
        ("G1.8", '[read]\nact = ["@beat"]\n[en]\nown = ["fine"]\n', "has no words in nl, ru, uk, de, fr"),
        ("G1.8", '[read]\ncount = ["@beat"]\n', "read.count belongs to number scales"),
        ("G1.8", "[read]\n", "nothing is read"),
    ],
)
def test_a_wrong_cue_file_is_refused_with_file_and_remedy(tmp_path, name, text, said):
    with pytest.raises(DeclarationError, match=f"{name}.toml") as error:
        check_question_cues(DECLARED.questions, [write(tmp_path, name, text)])
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("lang", "text", "first", "last"),
    [
        ("en", "in the autumn draft of 2022", date(2022, 10, 1), date(2022, 12, 31)),
        ("nl", "sinds maart", date(2024, 3, 1), None),
        ("ru", "осенью 2022 года", date(2022, 9, 1), date(2022, 11, 30)),
        ("ru", "за первое полугодие 2023 года", date(2023, 1, 1), date(2023, 6, 30)),
        ("ru", "за восемь месяцев 2023 года", date(2023, 1, 1), date(2023, 8, 31)),
        ("de", "im Herbst 2022", date(2022, 9, 1), date(2022, 11, 30)),
        ("de", "seit dem Erlass vom 21. September 2022", date(2022, 9, 21), None),
        ("fr", "depuis février", date(2024, 2, 1), None),
        ("fr", "au premier semestre 2023", date(2023, 1, 1), date(2023, 6, 30)),
        ("uk", "між березнем і травнем 2023 року", date(2023, 3, 1), date(2023, 5, 31)),
        ("en", "between 11 and 14 January 2023", date(2023, 1, 11), date(2023, 1, 14)),
        ("en", "between March and October 2022", date(2022, 3, 1), date(2022, 10, 31)),
        ("nl", "in het eerste kwartaal van 2023", date(2023, 1, 1), date(2023, 3, 31)),
    ],
)
def test_periods_in_words(lang, text, first, last):
    found = facts_dates(text, lang, published_on=date(2024, 5, 10))
    assert (found.first, found.last) == (first, last)


_PERIODS = (
    "in the autumn draft of 2022",
    "between March and May",
    "since {m}",
    "in {m} {y}",
    "first half of {y}",
    "mid-{m}",
)


@given(st.dates(date(2020, 1, 1), date(2027, 1, 1)), st.sampled_from(_PERIODS), st.integers(2019, 2028))
def test_periods_never_lie_after_the_publication(published, words, year):
    found = facts_dates(words.format(m="March", y=year), "en", published_on=published)
    assert found.first is None or found.first <= published
    assert found.last is None or found.first is None or found.first <= found.last <= published


@pytest.mark.parametrize(
    ("lang", "text", "values"),
    [
        ("en", "five thousand cases in 2023", [5000]),
        ("ru", "1 540 дел, сорок человек осуждены на три года", [1540, 40]),
        ("de", "2.300 Fälle, 40 Prozent", [2300]),
        ("en", "article 328 of 14 April, a fine of 40,000 roubles", []),
        ("fr", "deux cents demandes", [200]),
    ],
)
def test_counts_leave_terms_money_and_articles_out(lang, text, values):
    assert [value for value, _ in counts(text.lower(), lang)] == values


def test_bands():
    values = ("0", "1-10", "11-100", "more")
    assert [band(n, values) for n in (0, 1, 10, 11, 100, 101)] == ["0", "1-10", "1-10", "11-100", "11-100", "more"]


@given(st.text(max_size=200), st.sampled_from([*LANGUAGES, "xx", ""]))
def test_any_text_is_read_without_a_crash(text, lang):
    for found in propose(
        PassageIn(text=text, lang=lang, country=None, groups=frozenset(GROUPS)), DECLARED.questions.values(), BOOK
    ):
        assert 0 <= found.start < found.end <= len(text)


@pytest.mark.parametrize(
    ("lang", "text", "group", "question"),
    [
        (
            "nl",
            "Reservisten die nu worden opgeroepen vallen daar volgens een woordvoerder niet onder.",
            "reservists",
            "G2.2",
        ),
        (
            "en",
            "Reservists who are being called up fall outside the moratorium, a spokesman said.",
            "reservists",
            "G2.2",
        ),
        ("de", "Reservisten, die jetzt einberufen werden, fallen nicht unter das Moratorium.", "reservists", "G2.2"),
        ("fr", "Les réservistes appelés ne sont pas concernés par le moratoire.", "reservists", "G2.2"),
        ("ru", "Резервисты, которых призывают после мобилизации, не подпадают под мораторий.", "reservists", "G2.2"),
        ("uk", "Резервісти, яких призивають після мобілізації, не підпадають під мораторій.", "reservists", "G2.2"),
        ("en", "Conscripts who are sent to Ukraine fall under the moratorium.", "conscripts", "G1.3"),
        ("nl", "Dienstplichtigen die naar Oekraïne worden gestuurd vallen onder het moratorium.", "conscripts", "G1.3"),
    ],
)
def test_whom_a_measure_reaches_tells_nothing_of_what_happens(lang, text, group, question):
    passage = PassageIn(text=text, lang=lang, country="RU", groups=frozenset({group}), published_on=date(2022, 9, 23))
    assert question not in {found.question_id for found in propose(passage, DECLARED.questions.values(), BOOK)}


def test_beside_such_a_clause_what_did_happen_is_still_read():
    text = "After the mobilisation reservists fall outside the moratorium; in Pskov forty men were called up again."
    passage = PassageIn(text=text, lang="en", country="RU", groups=frozenset({"reservists"}))
    assert "G2.2" in {found.question_id for found in propose(passage, DECLARED.questions.values(), BOOK)}
