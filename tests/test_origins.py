"""Independent origins: copies, citations, agencies, translations, statements, circles; and what must not merge."""

import random
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from review.origins import Certainty, OriginDoc, OriginLink, Rule, link, resolve
from review.origins_library import canonical
from review.origins_versions import ALIKE, Pair, judged

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


FLASH = "On 4 November 2026 conscripts from Pskov were captured in Ukraine."


def test_a_flash_in_three_outlets_is_one_origin():
    assert origins(doc("a", FLASH), doc("b", FLASH), doc("c", FLASH)) == {"doc:b": "doc:a", "doc:c": "doc:a"}
    later = doc("b", "Pskov, Bravo. " + FLASH, published_on=DAY + timedelta(days=1))
    assert origins(doc("a", FLASH), later) == {"doc:b": "doc:a"}


def test_a_long_report_that_prints_a_flash_is_more_than_the_flash():
    report = doc("b", f"{OTHER}\n\n{FLASH}\n\n{STORY}", published_on=DAY + timedelta(days=1))
    steps = link([doc("a", FLASH), report])
    assert [report.text[s.start : s.end].strip() for s in steps if s.certainty is Certainty.MERGED] == [FLASH]
    assert resolve(steps, include_proposed=True) == {}


def test_one_sentence_taken_over_is_proposed_where_it_stands():
    one, two = doc("a", f"{OTHER}\n\n{FLASH}"), doc("b", f"{STORY}\n\n{FLASH}", published_on=DAY + timedelta(days=1))
    (step,) = link([one, two])
    assert (step.parent, step.certainty, two.text[step.start : step.end]) == ("doc:a", Certainty.PROPOSED, FLASH)


def test_a_story_at_four_addresses_of_one_publisher_is_no_stock():
    four = [doc(f"a{n}", publisher="p", owner="o") for n in range(4)]
    found = origins(*four, doc("b"), doc("c"))
    assert found == {f"doc:{name}": "doc:a0" for name in ("a1", "a2", "a3", "b", "c")}


def test_one_other_figure_under_a_story_taken_over_makes_no_new_story():
    tail = " The mothers' group counted {} men in the company and wrote them down in a list for the office."
    found = origins(*(doc(name, STORY + tail.format(n)) for name, n in (("a", 12), ("b", 14), ("c", 15))))
    assert found == {"doc:b": "doc:a", "doc:c": "doc:a"}


VERSIONS = {
    "en": "Conscripts from a unit near Pskov were captured near Kupiansk in Ukraine on 4 November 2026, mothers said.",
    "nl": "Dienstplichtigen bij Pskov werden op 4 november 2026 bij Koepiansk in Oekraïne gevangengenomen, zei men.",
    "ru": "Срочники из части под Псковом попали в плен под Купянском в Украине 4 ноября 2026 года, говорят родные.",
}


def test_versions_in_other_languages_are_proposed():
    def told(days):
        texts = enumerate(VERSIONS.items())
        return [doc(lang, text, lang=lang, published_on=DAY + timedelta(days=n * days)) for n, (lang, text) in texts]

    for days in (0, 3):
        assert origins(*told(days)) == {}
        assert set(origins(*told(days), proposed=True).values()) == {"doc:en"}
    assert origins(*told(15), proposed=True) == {}


def test_names_that_stand_in_every_story_make_no_version():
    english = "In 2026 the war between Russia and Ukraine goes on, and in Moscow Putin speaks of Kyiv and of NATO."
    dutch = "De oorlog tussen Rusland en Oekraïne duurt voort, en in Moskou spreekt Poetin over Kiev en over de NAVO."
    assert origins(doc("a", english), doc("b", dutch, lang="nl"), proposed=True) == {}


INTERVIEWS = {
    "a": "Conscripts are fighting, according to Ivan Petrov of the mothers' committee in Pskov, who spoke to us.",
    "b": "Lawyer Ivan Petrov of the mothers' committee in Pskov told Charlie that conscripts are being sent.",
    "c": "По словам Ивана Петрова, срочников отправляют в бой.",
    "d": "We met Ivan Petrov in a café. Conscripts are taking part in the assault, Petrov said.",
}


def test_one_interviewee_is_proposed_as_one_origin():
    docs = [doc(name, text, lang="ru" if name == "c" else "en") for name, text in INTERVIEWS.items()]
    steps = link(docs)
    assert {(s.child, s.parent) for s in steps} == {(d.key, "said:ivan-petrov:2022-04-14") for d in docs}
    assert all(s.certainty is Certainty.PROPOSED and s.start is not None for s in steps)


def test_another_person_or_another_month_is_another_interview():
    late = doc("b", INTERVIEWS["b"], published_on=DAY + timedelta(days=15))
    place = doc("c", "The mayor said that conscripts left for the camp in Nizhny Novgorod.")
    city = doc("d", "A monitor said on the telephone that conscripts live in Nizhny Novgorod.")
    other = doc("e", INTERVIEWS["a"].replace("Petrov", "Sidorov").replace("Conscripts are", "Nobody is"))
    assert [s for s in link([doc("a", INTERVIEWS["a"]), late, place, city, other]) if s.rule is Rule.STATEMENT] == []


@pytest.mark.parametrize("bad", ["http://[bad", "//[::1", "https://[x]/"])
def test_a_link_that_is_no_address_is_ignored_for_its_document(bad):
    broken = doc("x", "The weather in the region is cold.", links=(bad,), url=bad)
    assert canonical(bad) is None
    assert origins(broken, doc("a"), doc("b")) == {"doc:b": "doc:a"}


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


LAW = (
    "Article 328. Evasion of military service shall be punished by a fine of up to 200,000 or by two years in prison. "
    "Evasion of alternative civilian service shall be punished by a fine of up to 80,000 or by six months of arrest. "
    "A citizen who has not been entered in the register is liable to a fine of three monthly wages at the most. "
)


def test_the_wording_of_a_law_makes_no_copy():
    one, two = doc("a", LAW + OTHER), doc("b", f"{STORY}\n\n{LAW}", published_on=DAY + timedelta(days=1))
    assert link([one, two]) == ()


def test_a_print_without_a_mark_comes_from_the_agency_that_its_copies_name():
    later = {"published_on": DAY + timedelta(days=1)}
    prints = [doc("a", OTHER), doc("b", f"OSLO (Reuters) - {OTHER}", **later), doc("c", f"(Reuters) {STORY}")]
    assert origins(*prints) == {f"doc:{name}": "named:reuters" for name in "abc"}
    own = doc("a", f"According to the BBC, {OTHER}")
    assert origins(own, prints[1])["doc:a"] == "named:bbc"
    assert "doc:a" not in origins(doc("a", OTHER), prints[1], doc("d", f"OSLO (AFP) - {OTHER}", **later))


@pytest.mark.parametrize(
    ("common", "fewest", "days", "likeness", "known", "found"),
    [
        (8, 10, 10, 0.6, True, Certainty.MERGED),  # alike, and most facts in common
        (3, 10, 1, 0.9, True, Certainty.PROPOSED),  # likeness alone merges nothing
        (4, 10, 1, 0.9, True, Certainty.PROPOSED),  # nor with few facts
        (8, 10, 1, 0.45, True, Certainty.PROPOSED),
        (9, 10, 1, 0.3, True, None),  # the same facts in other sentences: other witnesses
        (9, 10, 1, None, True, Certainty.PROPOSED),  # too short to compare
        (9, 10, 7, None, False, Certainty.MERGED),  # no encoder: nearly all facts
        (7, 10, 7, None, False, Certainty.PROPOSED),
        (9, 10, 8, None, False, None),
    ],
)
def test_what_makes_a_translation(common, fewest, days, likeness, known, found):
    assert judged(Pair(common=common, fewest=fewest, other=0), days, likeness, ALIKE, known=known) is found
