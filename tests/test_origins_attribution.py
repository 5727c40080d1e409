"""Who a sentence hands its statement to: own sentences in six languages, and names that are no publication here."""

from datetime import date

import pytest

from review.origins import OriginDoc, Rule, link, resolve
from tests.attribution_cases import CASES, SECOND

# Whose defector he is, and to whom he said it, only the sense tells.
HARD = {"Das sagte ein Überläufer der Süddeutschen Zeitung."}


def named(lang: str, text: str, **more: object) -> set[str]:
    """The origins that a document with this text has, statements of officials left out."""
    facts: dict[str, object] = {"publisher": "Own Paper", "owner": "own", "names": ("Own Paper",)} | more
    doc = OriginDoc(id="x", text=text, lang=lang, published_on=date(2023, 5, 5), **facts)  # type: ignore[arg-type]
    return {step.parent for step in link([doc]) if step.rule is not Rule.STATEMENT}


@pytest.mark.parametrize(("lang", "text", "key"), [case for case in (*CASES, *SECOND) if case[1] not in HARD])
def test_the_outlet_that_is_named_is_the_origin_and_nobody_else(lang, text, key):
    assert named(lang, text) == ({f"named:{key}"} if key else set())


def test_the_cases_cover_six_languages_alike():
    for cases in (CASES, SECOND):
        counts = [sum(lang == other for lang, _, _ in cases) for other in ("en", "nl", "ru", "uk", "de", "fr")]
        assert len(set(counts)) == 1
    assert len(CASES) == 60


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "The Own Paper reports that nothing is known."),
        ("en", "Read also: what Meduza reports on the border."),
        ("en", "Contrary to what Meduza reports, the office is open."),
        ("en", "The regulator blocked the site of Meduza for a third time, an official of the ministry said."),
        ("de", "Ein Spiegel hing im Flur, berichtet der Wirt."),
        ("ru", "Дожди и холод мешают уборке, пишут агрономы."),
    ],
)
def test_whoever_is_only_named_is_no_origin(lang, text):
    assert named(lang, text) == set()


def test_a_free_name_counts_after_what_calls_it_a_paper():
    assert named("en", "The daily Vesti Severa reports that the camp is closed.") == {"named:vesti-severa"}
    assert named("ru", "Как пишет газета «Северный край», лагерь закрыт.") == {"named:северный-край"}


def test_a_collected_publisher_is_known_by_the_names_of_its_outlet_in_every_language():
    tass = OriginDoc(
        id="t", publisher="TASS", owner="t", names=("TASS",), lang="ru", published_on=date(2023, 5, 4), url="https://tass.example/1",
        text="Губернатор Вячеслав Битаров в Гудермесе вручил 312 повесток и 45 наград.",
    )  # fmt: skip
    doc = OriginDoc(
        id="x", publisher="Own", owner="o", lang="ru", published_on=date(2023, 5, 5),
        text="Как сообщает ТАСС, в Гудермесе Вячеслав Битаров вручил 312 повесток и 45 наград.",
    )  # fmt: skip
    assert resolve(link([tass, doc]))["doc:x"].origin == "doc:t"
