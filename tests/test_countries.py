"""The country of origin a passage is about: in six languages, not the host, not the theatre of war."""

from pathlib import Path

import pytest

from review.countries import country_classes, load_countries
from review.notation import check_class
from review.tagging import tag
from review.vocabulary import LANGUAGES, load_vocabulary
from store.declared import DeclarationError


def country(text: str, lang: str, hint: str | None = None) -> str | None:
    found = tag(text, lang, country_hint=hint).country
    return found.value if found else None


@pytest.mark.parametrize(
    ("lang", "code", "text"),
    [
        ("en", "RU", "Russian deserters were jailed."),
        ("nl", "ER", "Eritrese deserteurs werden opgesloten."),
        ("ru", "BY", "В Беларуси осудили дезертира."),
        ("uk", "RU", "У Росії засудили дезертира."),
        ("de", "SY", "Syrische Deserteure wurden verhaftet."),
        ("fr", "TR", "En Turquie, les déserteurs sont jugés."),
        ("ru", "SY", "Сирийских дезертиров амнистировали."),
        ("en", "MM", "Deserters from Myanmar's army hid in the jungle."),
        ("nl", "AF", "Afghaanse deserteurs vluchtten."),
        ("en", "MZ", "Deserters in Mozambique were pardoned."),
        ("de", "TD", "Deserteure aus dem Tschad wurden begnadigt."),
        ("nl", "UA", "Het Oekraïense Hooggerechtshof veroordeelde een deserteur."),
        ("nl", "BY", "Een Wit-Russische deserteur werd veroordeeld."),
        ("en", "MM", "Deserters' families were fined two million kyat."),
        ("en", "IL", "Reservists refused another round in Gaza."),
        ("de", "RU", "Ein Deserteur aus Tscherkessk wurde verurteilt."),
    ],
)
def test_names_and_adjectives_in_six_languages(lang: str, code: str, text: str) -> None:
    assert country(text, lang) == code


class TestWhoseCountry:
    def test_the_host_loses_to_the_origin(self) -> None:
        assert country("The Dutch minister decided on Russian deserters in the Netherlands.", "en") == "RU"
        assert country("Казахстан выдал России дезертира.", "ru") == "RU"

    def test_a_refuge_alone_points_to_those_who_use_it(self) -> None:
        assert country("The deserter fled to Kazakhstan and hid in a cellar.", "en") == "RU"

    def test_where_the_war_is_fought_is_not_whose_soldier_it_is(self) -> None:
        assert country("Conscripts were sent to Ukraine.", "en") == "RU"
        assert country("The Ukrainian parliament debated the punishment of deserters.", "en") == "UA"

    def test_occupied_parts_are_ukraine_and_russian_soldiers_there_are_not(self) -> None:
        assert country("Crimean Tatars on the peninsula were drafted as conscripts.", "en") == "UA"
        assert country("Russian conscripts from Omsk were posted to Crimea.", "en") == "RU"

    @pytest.mark.parametrize(
        ("lang", "text"),
        [
            ("en", "Russian conscripts were sent to the Kharkiv region in Ukraine in June 2022."),
            ("en", "Conscripts of a unit in Belgorod were sent to the Kharkiv region."),
            ("en", "Conscripts were taken to the Kherson region to fight."),
            ("nl", "Dienstplichtigen zijn overgebracht naar de regio Charkov om te vechten."),
            ("ru", "Срочников отправили в Харьковскую область."),
        ],
    )
    def test_a_region_of_the_war_does_not_outweigh_whose_conscripts_are_sent_there(self, lang: str, text: str) -> None:
        assert country(text, lang) == "RU"
        assert tag(text, lang).topic.value == "deployment"

    def test_towns_of_the_war_do_not_outweigh_mobilised_men(self) -> None:
        text = (
            "Mobilised men took heavy losses near Bakhmut in the Donetsk region and near Svatove in the Luhansk region."
        )
        assert country(text, "en") == "RU"

    def test_a_town_where_its_own_state_acts_stays_its_own(self) -> None:
        assert country("Recruiters of the TCC in Odesa handed out summonses.", "en") == "UA"
        assert country("A Kyiv court sentenced a conscript.", "en") == "UA"
        assert country("Ukrainian conscripts were captured near Mariupol.", "en") == "UA"

    @pytest.mark.parametrize(
        ("lang", "code", "text"),
        [
            ("en", "RU", "A pensioner in Kurgan was fined for a post about Mariupol that discredited the army."),
            ("en", "RU", "A tram driver from Omsk was jailed for reposting photographs from Bucha against the war."),
            ("uk", "UA", "В окупованому Бердянську росіяни призвали юнаків на строкову службу."),
            ("uk", "UA", "Окупаційна влада призвала до російської армії жителів Криму на строкову службу."),
        ],
    )
    def test_a_town_spoken_of_is_the_scene_and_people_of_occupied_places_are_its_own(
        self, lang: str, code: str, text: str
    ) -> None:
        assert country(text, lang) == code

    def test_none_off_the_field_and_a_hint_where_the_words_are_silent(self) -> None:
        assert country("The Moroccan striker joined a German club.", "en") is None
        assert country("Deserters are shot.", "en") is None
        assert country("Deserters are shot.", "en", hint="ER") == "ER"
        assert country("Syrian deserters are shot.", "en", hint="ER") == "SY"

    def test_confidence_and_span(self) -> None:
        found = tag("Eritrean deserters were jailed.", "en").country
        assert found is not None
        assert [span.surface for span in found.spans] == ["Eritrean"]
        assert found.score == 1.0


class TestDeclaredCountries:
    def test_every_term_is_well_written(self) -> None:
        endings = load_vocabulary().endings
        for name, words in country_classes(load_countries()).items():
            for lang in LANGUAGES:
                check_class(name, lang, words.of(lang), endings.get(lang, {}))

    def test_every_country_has_a_name_in_every_language_unless_it_is_an_ordinary_word(self) -> None:
        declared = load_countries()
        for name, words in country_classes(declared).items():
            code = name.rpartition(":")[2]
            for lang in LANGUAGES:
                if name.startswith("country:") and code not in declared.ambiguous.get(lang, ()):
                    assert words.of(lang), (code, lang)

    def test_an_unknown_code_is_named(self, tmp_path: Path) -> None:
        path = tmp_path / "countries.toml"
        path.write_text('title = "x"\n[countries.XQ]\nrole = "origin"\n', "utf-8")
        with pytest.raises((ValueError, DeclarationError), match="XQ"):
            load_countries(path)
