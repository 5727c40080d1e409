"""Independent origins: copies, citations, agencies, translations, statements, circles; and what must not merge."""

import random
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from review.origins import Certainty, OriginDoc, OriginLink, Rule, link, resolve
from review.origins_attribution import canonical

DAY = date(2022, 4, 14)
STORY = (
    "Eleven conscripts of the Yelnya garrison were taken across the border near Sumy on a lorry in the night. "
    "Their relatives received two short letters from a camp and then heard nothing for weeks on end. "
    "Svetlana Morozova, whose brother Artyom is one of them, keeps a list with 117 entries in a school exercise book. "
    "The commander of the regiment, Colonel Derbenev, answered none of the questions that were put to him in writing. "
    "A lawyer in Smolensk has now filed 23 complaints with the garrison prosecutor on behalf of the families."
)
OTHER = (
    "The harbour of Arkhangelsk froze later than in any winter since measurements began there in the last century. "
    "Pilots who guide the ships through the channel had to wait for weeks before they could begin their season. "
    "A museum in the old customs house shows how the same work was done with sledges and ropes before the war."
)


def doc(id_: str, text: str = STORY, **known: object) -> OriginDoc:
    fields = {"publisher": f"p-{id_}", "owner": f"o-{id_}", "published_on": DAY} | known
    return OriginDoc(id=id_, text=text, **fields)  # type: ignore[arg-type]


def origins(*documents: OriginDoc, proposed: bool = False) -> dict[str, str]:
    return {key: spring.origin for key, spring in resolve(link(documents), include_proposed=proposed).items()}


def test_a_copy_leads_to_the_earliest():
    found = origins(doc("b", "Update. " + STORY, published_on=DAY + timedelta(days=1)), doc("a"), doc("c", OTHER))
    assert found == {"doc:b": "doc:a"}


def test_a_report_that_swallows_a_story_is_found():
    filler = " ".join(
        f"Paragraph {n} of this report deals with quite another matter altogether today." for n in range(60)
    )
    assert origins(doc("a"), doc("b", filler + " " + STORY, published_on=DAY + timedelta(days=30))) == {
        "doc:b": "doc:a"
    }


def test_half_of_the_text_is_proposed():
    later = doc("b", STORY[: len(STORY) * 6 // 10] + " " + OTHER, published_on=DAY + timedelta(days=2))
    (step,) = [s for s in link([doc("a"), later]) if s.rule is Rule.COPY]
    assert step.certainty is Certainty.PROPOSED
    assert origins(doc("a"), later) == {}
    assert origins(doc("a"), later, proposed=True) == {"doc:b": "doc:a"}


def test_other_figures_in_the_same_template_stay_apart():
    text = (
        "The judicial department publishes the number of verdicts on evasion of service once a month. "
        "In {} courts convicted {} persons of evasion and most of them had to pay a fine to the state. "
        "The figures do not show which of the convicted had asked for alternative civilian service before."
    )
    march, april = text.format("March", 57), text.format("April", 61)
    later = DAY + timedelta(days=30)
    assert origins(doc("a", march, owner="o"), doc("b", april, owner="o", published_on=later), proposed=True) == {}
    assert origins(doc("a", march), doc("b", april, published_on=later), proposed=True) == {"doc:b": "doc:a"}


def test_stock_text_of_a_publisher_is_no_copy():
    stock = "This page is part of a series. " + OTHER
    pages = [
        doc(str(n), f"{stock} Story number {n} has its own words here: {'abc' * n}.", publisher="p") for n in range(6)
    ]
    assert not [s for s in link(pages) if s.rule is Rule.COPY]


def test_a_citation_with_a_link_leads_to_the_page():
    original = doc("a", publisher="meduza", names=("Meduza",), url="https://www.example.org/story/?utm_source=x")
    child = doc(
        "b", "Families have waited for weeks, Meduza reports. Nothing more is known here about the case.",
        links=("http://example.org/story",),
    )  # fmt: skip
    assert origins(original, child) == {"doc:b": "doc:a"}


def test_a_read_also_link_does_not_merge():
    original = doc("a", publisher="meduza", names=("Meduza",), url="https://example.org/story")
    child = doc("b", OTHER + "\n\nRead also: Meduza reports on families", links=("https://example.org/story",))
    assert origins(original, child, proposed=True) == {}


def test_a_named_outlet_is_matched_by_figures_and_names():
    original = doc("a", publisher="paper", names=("Smolensk Courier",))
    retold = (
        "The Smolensk Courier reports that relatives led by Svetlana Morozova count 117 men. "
        "Colonel Derbenev is silent, and 23 complaints lie with the prosecutor in Smolensk."
    )
    assert origins(original, doc("b", retold, published_on=DAY + timedelta(days=3))) == {"doc:b": "doc:a"}
    assert origins(original, doc("b", retold, published_on=DAY + timedelta(days=15))) == {"doc:b": "named:paper"}


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("MOSCOW (Reuters) - " + OTHER, "named:reuters"),
        ("МОСКВА, 1 апреля. /ТАСС/. " + OTHER, "named:tass"),
        ("DEN HAAG (ANP) - " + OTHER, "named:anp"),
        ("Nothing is known, according to RTL. " + OTHER, "named:rtl"),
        ("Об этом сообщает «Медуза». " + OTHER, "named:meduza"),
        (OTHER + "\nSource: Nordlys", "named:nordlys"),
    ],
)
def test_what_is_not_collected_is_named(text, origin):
    lang = "ru" if any("а" <= c <= "я" for c in text) else "en"
    assert origins(doc("a", text, lang=lang)) == {"doc:a": origin}


def test_a_source_line_is_a_station_on_the_way():
    text = "The men will not be sent back, writes RTL. " + OTHER + "\nSource: korrespondent"
    spring = resolve(link([doc("a", text)]))["doc:a"]
    assert (spring.origin, spring.chain) == ("named:rtl", ("doc:a", "named:korrespondent", "named:rtl"))


def test_a_translated_copy_leads_to_its_original():
    russian = (
        "Одиннадцать срочников вывезли через границу у Сум. Светлана Морозова ведёт список из 117 человек. "
        "Полковник Дербенев молчит. Адвокат в Смоленске подал 23 жалобы."
    )
    english = (
        "Translated from Russian. Eleven conscripts were taken over the border near Sumy. The list of Svetlana "
        "Morozova has 117 names, while Colonel Derbenev keeps silent. A lawyer in Smolensk filed 23 complaints."
    )
    original = doc("a", russian, lang="ru")
    assert origins(original, doc("b", english, published_on=DAY + timedelta(days=1))) == {"doc:b": "doc:a"}


def test_one_statement_reported_by_two_outlets_is_one_origin():
    english = doc("a", "No conscripts are being sent to Ukraine, the Kremlin said.")
    russian = doc("b", "В Кремле заявили, что призывников на Украину не отправляют.", lang="ru")
    parents = {s.child: s.parent for s in link([english, russian]) if s.rule is Rule.STATEMENT}
    assert parents == {"doc:a": "said:ru-kremlin:2022-04-14", "doc:b": "said:ru-kremlin:2022-04-14"}


def test_a_statement_of_another_day_is_another_origin():
    steps = link([doc("a", "The Kremlin said on 1 April 2022 that no conscripts are being sent.")])
    assert [s.parent for s in steps] == ["said:ru-kremlin:2022-04-01"]


def test_a_carrier_is_led_by_its_passages_only():
    report = doc("a", "Two men were killed, according to RTL. " + OTHER, type="official_country_report")
    steps = link([report])
    assert [(s.parent, s.start) for s in steps] == [("named:rtl", 0)]
    assert resolve(steps) == {}


def test_a_circle_collapses_and_says_so():
    steps = [
        OriginLink(child="doc:b", parent="doc:c", label="c", rule=Rule.ATTRIBUTION, why="b names c."),
        OriginLink(child="doc:c", parent="doc:b", label="b", rule=Rule.ATTRIBUTION, why="c names b."),
        OriginLink(child="doc:a", parent="doc:c", label="c", rule=Rule.ATTRIBUTION, why="a names c."),
    ]
    found = resolve(steps)
    assert {spring.origin for spring in found.values()} == {"doc:b"}
    assert all(spring.circular for spring in found.values())


def test_the_translated_seed_leads_to_the_outlet_it_names(shared):
    (path,) = (shared / "seeds").glob("002_*.txt")
    seed = doc("002", path.read_text("utf-8"), publisher="buna", names=("Buna Times",), published_on=date(2022, 9, 24))
    spring = resolve(link([seed]))["doc:002"]
    assert spring.origin == "named:rtl"
    assert "named:korrespondent" in spring.chain


def test_two_documents_with_one_id_are_refused():
    with pytest.raises(ValueError, match="two documents have the id 'a'"):
        link([doc("a"), doc("a", OTHER)])


@given(st.permutations(range(7)))
@settings(max_examples=25, deadline=None)
def test_the_order_of_input_is_no_matter(order):
    texts = [
        STORY,
        STORY + " Update.",
        OTHER,
        "Meduza reports: " + OTHER,
        "(Reuters) " + OTHER,
        STORY[:300],
        OTHER[:250],
    ]
    documents = [doc(str(n), t, published_on=DAY + timedelta(days=n % 3)) for n, t in enumerate(texts)]
    assert link([documents[n] for n in order]) == link(documents)


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=14), st.randoms(use_true_random=False))
def test_resolving_always_ends_and_members_of_a_circle_agree(pairs, rng: random.Random):
    steps = [
        OriginLink(child=f"doc:{a}", parent=f"doc:{b}", label=str(b), rule=Rule.ATTRIBUTION, why=f"{a} names {b}.")
        for a, b in pairs
        if a != b
    ]
    shuffled = steps[:]
    rng.shuffle(shuffled)
    found = resolve(steps)
    assert found == resolve(shuffled)
    for spring in found.values():
        above = found.get(spring.origin)
        assert above is None or above.origin == spring.origin


def test_addresses_are_compared_without_decoration():
    assert canonical("https://www.Example.org/a/?utm_source=x&b=1") == canonical("http://example.org/a?b=1")
