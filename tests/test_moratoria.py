"""The register of moratoria: what was published of each row, clocks as known on a day, and what is refused by name."""

import csv
import json
import re
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from coi import cli
from review import register
from review.declarations import load
from review.declared_moratorium import Moratorium
from review.moratorium import half_on, halves_on, phase_of
from review.moratorium_clock import Act, read
from review.moratorium_register import as_known
from store.db import connect_memory, writing
from store.declared import DeclarationError
from store.register import EventRow, add_event

AT = "2026-01-01T00:00:00Z"
CSV = Path(__file__).parents[2] / "shared" / "data" / "moratoria.csv"
SHIPPED = Moratorium.load_all([Path(register.__file__).parent / "moratoria"])
STATES = {"UK": "GB"}


@pytest.fixture(scope="module")
def rows() -> dict[str, dict[str, str]]:
    if not CSV.exists():
        pytest.skip(f"{CSV} is not here: the chronology lies beside a checkout, not in it")
    with CSV.open(encoding="utf-8", newline="") as lines:
        return {row["id"]: row for row in csv.DictReader(lines)}


@pytest.fixture(scope="module")
def conn():
    found = connect_memory()
    with writing(found):
        register.sync(found, None, at=AT)
    return found


def days_in(text: str) -> list[str]:
    """Days and months at the head of each part of a cell: "2023-11-28 (decisions); 2023-02-28 (departures)"."""
    heads = [part.strip().split(" ")[0] for part in text.split(";") if part.strip()]
    return [head for head in heads if head[:2].isdigit()]


def fits(day: date | None, cell: str) -> bool:
    """A declared day is that of the cell; a month stands for its last day, an empty cell for none."""
    return any((day.isoformat() if day else "").startswith(head) for head in days_in(cell)) or (
        not cell and day is None
    )


def on(declared: Moratorium, *kinds: str) -> date | None:
    return next((event.on for kind in kinds for event in declared.events if event.kind == kind), None)


class TestTheChronology:
    def test_every_row_is_declared_under_its_id(self, rows):
        assert set(SHIPPED) == set(rows) and len(rows) == 35

    @pytest.mark.parametrize("id_", sorted(SHIPPED))
    def test_its_days_are_those_published(self, rows, id_):
        row, declared = rows[id_], SHIPPED[id_]
        assert declared.freezing_state == STATES.get(row["freezing_state"], row["freezing_state"])
        assert fits(on(declared, "decided", "paused", "announced"), row["decision_date"])
        assert fits(on(declared, "in_force"), row["in_force_date"])
        planned = declared.planned_expiry if row["planned_expiry"] else None
        assert fits(planned, row["planned_expiry"])
        assert str(declared.planned_months or "") == row["planned_months"].split(" ")[0].removeprefix("open;")
        stated = {half.stated_end or half.ends_on for half in declared.halves}
        for end in days_in(row["actual_end_date"]):
            known = {"2025": "2025-07-21"}.get(end, end)  # a summer: the day of the notice that the row gives
            assert any(fits(day, known) for day in stated), (stated, known)

    @pytest.mark.parametrize("id_", sorted(SHIPPED))
    def test_its_references_and_its_confidence_are_kept(self, rows, id_):
        row, declared = rows[id_], SHIPPED[id_]
        urls = {reference.url for reference in declared.references}
        assert {url.strip() for url in row["urls"].split(" ; ")} <= urls
        assert declared.checked == row["status"]
        assert bool(declared.unverified) == bool(row["unverified_fields"])
        assert bool(declared.exclusions) == bool(row["exclusions"])
        unread = re.sub(r"\(.*?\)", "", row["unverified_fields"])
        unsure = {name for name, sure in declared.confidence_of().items() if sure in ("inferred", "unverified")}
        for said, field in (
            ("actual_end_date", "ended"), ("in_force_date", "in_force"), ("planned_expiry", "planned_expiry"),
            ("legal basis", "legal_basis"), ("extension", "extended"), ("end date", "ended"),
            ("decision_date", "decided"),
        ):  # fmt: skip
            assert said not in unread or field in unsure, (said, unsure)

    def test_each_has_a_dutch_title_and_group_of_its_own(self):
        assert all(one.title_nl and one.group_nl and one.title_nl != one.title for one in SHIPPED.values())
        assert len({one.title_nl for one in SHIPPED.values()}) == len(SHIPPED)

    def test_each_half_names_a_regime_that_is_declared_unless_no_period_moves(self):
        known = {path.stem for path in (Path(register.__file__).parent / "regimes").glob("*.toml")}
        named = {(id_, half.regime) for id_, one in SHIPPED.items() for half in one.halves}
        assert {regime for _, regime in named if regime} <= known
        assert {id_ for id_, regime in named if not regime} == {"NL-IRN-2026"}

    def test_a_question_decides_only_where_one_is_declared(self, conn):
        assert {id_ for id_, one in SHIPPED.items() if one.deciding} == {"NL-RUS-2022"}


MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December"]  # fmt: skip
NAMED = re.compile(rf"(?:(\d{{1,2}}) )?({'|'.join(MONTHS)}) (\d{{4}})")


def days_named(text: str) -> list[date]:
    """Every day that a text names; a month stands for its first day."""
    return [date(int(year), MONTHS.index(month) + 1, int(day or 1)) for day, month, year in NAMED.findall(text)]


class TestNothingIsKnownBeforeItWasPublic:
    @pytest.mark.parametrize("id_", sorted(SHIPPED))
    def test_no_view_of_a_past_day_tells_what_a_later_text_said(self, id_):
        declared = SHIPPED[id_]
        for day in sorted({event.known for event in declared.events}):
            view = as_known(declared, day)
            known = {period.number: period for period in view.periods}
            for period in known.values():
                bound = max(filter(None, (day, period.last_day, period.stated_end)))
                assert all(named <= bound for named in days_named(period.wording)), (day, period.wording)
            assert all(named <= day for named in days_named(view.planned_said)), (day, view.planned_said)
            ends = [end for period in known.values() for end in (period.stated_end, period.last_day) if end]
            assert view.planned_expiry is None or view.planned_expiry in ends or view.planned_known_on <= day

    def test_the_planned_length_of_ukraine_was_described_later(self):
        then, later = (
            as_known(SHIPPED["NL-UKR-2022"], date.fromisoformat(day)) for day in ("2022-06-29", "2022-12-31")
        )
        assert (then.planned_months, then.planned_said, then.planned_expiry) == (None, "", date(2022, 8, 28))
        assert (later.planned_months, later.planned_expiry) == (12, date(2023, 2, 28))


def clock(conn, id_: str, half: str, day: str):
    found = half_on(conn, id_, half, date.fromisoformat(day))
    return found.state, found.ends_on.isoformat() if found.ends_on else None, found.days_left


class TestClocks:
    @pytest.mark.parametrize(
        ("id_", "half", "day", "expected"),
        [
            # published on 23 March 2022 with effect from 24 February
            ("NL-SDN-POL-2022", "decisions", "2022-03-22", ("announced", None, None)),
            ("NL-SDN-POL-2022", "decisions", "2022-03-23", ("running", "2022-08-23", 153)),
            ("NL-PSE-2023", "decisions", "2024-01-09", ("announced", None, None)),
            ("NL-PSE-2023", "decisions", "2024-01-10", ("running", "2024-06-18", 160)),
            # annulled on 24 April 2024: only the decision half
            ("NL-PSE-2023", "decisions", "2024-04-24", ("running", "2024-04-24", 0)),
            ("NL-PSE-2023", "decisions", "2024-04-25", ("ended", "2024-04-24", -1)),
            ("NL-PSE-2023", "departures", "2024-04-25", ("running", "2024-06-18", 54)),
            ("NL-PSE-2023", "departures", "2024-06-19", ("end not seen", "2024-06-18", -1)),
            # the extension was made public four days after the first period had run out
            ("NL-IRQ-2014", "decisions", "2015-04-16", ("running", "2015-04-16", 0)),
            ("NL-IRQ-2014", "decisions", "2015-04-19", ("ended", "2015-04-16", -3)),
            ("NL-IRQ-2014", "departures", "2015-04-20", ("running", "2015-10-16", 179)),
            # two halves, two ends
            ("NL-UKR-2022", "departures", "2022-06-29", ("running", "2022-08-27", 59)),  # the rest was not known then
            ("NL-UKR-2022", "decisions", "2022-06-29", ("running", "2022-08-27", 59)),
            ("NL-UKR-2022", "decisions", "2022-10-01", ("running", "2023-02-27", 149)),
            ("NL-UKR-2022", "departures", "2023-02-27", ("running", "2023-02-27", 0)),
            ("NL-UKR-2022", "departures", "2023-03-16", ("ended", "2023-02-27", -17)),
            ("NL-UKR-2022", "decisions", "2023-03-15", ("ended", "2023-02-27", -16)),
            ("NL-UKR-2022", "decisions", "2023-03-16", ("running", "2023-08-27", 164)),
            ("NL-UKR-2022", "decisions", "2023-11-28", ("ended", "2023-11-27", -1)),
            # ended, then revived
            ("NL-IRN-LGB-2005", "decisions", "2006-03-01", ("ended", "2006-02-28", -1)),
            ("NL-IRN-LGB-2005", "decisions", "2006-04-12", ("running", "2006-10-01", 172)),
            ("NL-IRN-LGB-2005", "decisions", "2006-10-02", ("ended", "2006-10-01", -1)),
            # without an end: runs, until nothing has been heard of it for six months
            ("NL-IRN-2026", "departures", "2026-11-22", ("running", None, None)),
            ("BE-SYR-2024", "decisions", "2025-06-10", ("running", None, None)),
            ("BE-SYR-2024", "decisions", "2025-06-11", ("end not seen", None, None)),
            ("FR-SYR-2024", "decisions", "2024-12-20", ("announced", None, None)),
            ("DE-GAZA-2024", "decisions", "2025-04-01", ("not known", None, None)),
            # decided, not yet in force
            ("NL-SDN-2023", "decisions", "2023-07-07", ("announced", None, None)),
            ("NL-SDN-2023", "decisions", "2023-07-08", ("running", "2024-01-07", 183)),
            # withdrawn on a day that nobody saw
            ("NL-AFG-2021", "decisions", "2022-04-01", ("end not seen", "2022-08-25", 146)),
            ("NL-AFG-2021", "decisions", "2022-08-26", ("ended", "2022-08-25", -1)),
        ],
    )
    def test_as_it_could_be_read_on_a_day(self, conn, id_, half, day, expected):
        assert clock(conn, id_, half, day) == expected

    @given(st.sampled_from(sorted(SHIPPED)), st.dates(date(2004, 1, 1), date(2027, 1, 1)))
    def test_nothing_is_known_before_it_was_public(self, conn, id_, day):
        declared = SHIPPED[id_]
        for half in halves_on(conn, id_, declared.model_dump(mode="json"), day):
            told = [event.known for event in declared.events if event.half in (None, half.half)]
            if half.state in ("running", "ended", "end not seen"):
                assert half.first_day and half.first_day <= day and min(told) <= day
            if half.state == "ended":
                assert half.days_left is not None and half.days_left < 0
        assert all(event.known <= day for event in as_known(declared, day).events)

    @given(st.permutations([0, 1, 2]), st.integers(0, 500))
    def test_the_order_of_entry_of_different_days_does_not_matter(self, order, after):
        start = date(2020, 1, 1)
        acts = [
            Act(kind="in_force", on=start, known=start, last_day=date(2020, 6, 30), number=1),
            Act(kind="extended", on=date(2020, 6, 20), known=date(2020, 6, 20), last_day=date(2020, 12, 31), number=2),
            Act(kind="ended", on=date(2020, 9, 1), known=date(2020, 9, 1), number=3),
        ]
        day = date.fromordinal(start.toordinal() + after)
        assert read([acts[n] for n in order], "decisions", day) == read(acts, "decisions", day)

    def test_a_late_correction_is_a_row_and_a_withdrawn_statement_a_retraction(self, tmp_path):
        conn = connect_memory()
        folder = tmp_path / "moratoria"
        folder.mkdir()
        (folder / "NL-OWN.toml").write_text(OWN, "utf-8")
        with writing(conn):
            register.sync(conn, tmp_path, at=AT)
        assert clock(conn, "NL-OWN", "decisions", "2024-02-01") == ("running", "2024-06-30", 150)
        (folder / "NL-OWN.toml").write_text(OWN.replace("2024-06-30", "2024-05-31"), "utf-8")
        with writing(conn):
            register.sync(conn, tmp_path, at=AT)
        assert clock(conn, "NL-OWN", "decisions", "2024-02-01")[1] == "2024-05-31"
        kinds = [
            row["kind"]
            for row in conn.execute("select kind from moratorium_events where moratorium_id = 'NL-OWN' order by id")
        ]
        assert kinds == ["in_force", "retracted", "in_force"]
        with writing(conn):
            ended = EventRow(kind="annulled", on_day="2024-03-01", half="decisions", confidence="verified")
            add_event(conn, "NL-OWN", ended, actor="ada", at=AT)
            register.sync(conn, tmp_path, at=AT)  # what a person added stays
        assert clock(conn, "NL-OWN", "decisions", "2024-03-02") == ("ended", "2024-03-01", -1)
        chained = conn.execute("select count(*) from audit where table_name = 'moratorium_events'").fetchone()[0]
        assert chained == conn.execute("select count(*) from moratorium_events").fetchone()[0]

    def test_a_moratorium_runs_while_one_half_does(self, conn):
        declared = SHIPPED["NL-UKR-2022"].model_dump(mode="json")
        assert phase_of(halves_on(conn, "NL-UKR-2022", declared, date(2023, 6, 1))) == "running"


OWN = """title = "An own moratorium"
freezing_state = "NL"
country = "SY"
origin = "Syria"
group = "Everyone from Syria."
end_mode = "open"
[[periods]]
number = 1
first_day = 2024-01-01
last_day = 2024-06-30
wording = "six months"
confidence = "verified"
[[halves]]
half = "decisions"
legal_basis = "Vreemdelingenwet 2000, article 43"
regime = "nl_vw2000_decisions"
first_day = 2024-01-01
ends_on = 2024-06-30
confidence = "verified"
[[events]]
kind = "in_force"
on = 2024-01-01
period = 1
confidence = "verified"
source = "gazette"
[[references]]
title = "The gazette"
number = "Staatscourant 2024, 1"
"""


def second(first: str, on: str) -> str:
    """A second period with the extension that opens it."""
    return f"""[[periods]]
number = 2
first_day = {first}
last_day = 2024-12-30
wording = "six months more"
confidence = "verified"
[[events]]
kind = "extended"
on = {on}
period = 2
confidence = "verified"
source = "letter"
"""


ENDED = '[[events]]\nkind = "ended"\non = 2024-03-01\nconfidence = "verified"\nsource = "letter"\n'


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("text", "said"),
        [
            (OWN.replace("last_day = 2024-06-30", "last_day = 2023-06-30"), "last_day 2023-06-30 is before first_day"),
            (OWN + second("2024-06-30", "2024-06-01"), "starts on 2024-06-30, before"),
            (OWN + ENDED + second("2024-07-01", "2024-06-01"), "extended on 2024-06-01"),
            (OWN + second("2024-07-01", "2024-07-08"), "under `late`"),
            (OWN + '[[group_versions]]\nversion = 1\nwording = "18 to 27"\nwho = "men"\nsource = "letter"\n',
             "group version 1 ('18 to 27') has no valid_from"),
            (OWN.replace("ends_on = 2024-06-30", "ends_on = 2024-07-30"), "ends_on of the decisions is 2024-07-30"),
            (OWN.replace("period = 1\n", ""), "no event opens period 1"),
            (OWN.replace('country = "SY"', 'country = "Syria"'), "'country'"),
        ],
    )  # fmt: skip
    def test_by_field_value_and_file_and_the_rest_goes_on(self, tmp_path, text, said):
        (tmp_path / "moratoria").mkdir()
        file = tmp_path / "moratoria" / "NL-OWN.toml"
        file.write_text(text, "utf-8")
        with pytest.raises(DeclarationError, match="NL-OWN") as error:
            load(tmp_path)
        assert said in str(error.value)
        refused: list[str] = []
        declared = load(tmp_path, refused=refused)
        assert "NL-OWN" not in declared.moratoria and len(declared.moratoria) == 35
        assert said in refused[0] and str(file) in refused[0]

    def test_a_group_that_does_not_exist(self, tmp_path):
        (tmp_path / "moratoria").mkdir()
        scope = '[[scope]]\nside = "in"\ngroup = "pilots"\nreason = "they fly"\npassage = "letter"\n'
        (tmp_path / "moratoria" / "NL-OWN.toml").write_text(OWN + scope, "utf-8")
        refused: list[str] = []
        assert "NL-OWN" not in load(tmp_path, refused=refused).moratoria
        assert "pilots" in refused[0] and "NL-OWN.toml" in refused[0]


class TestTheCommand:
    def test_it_needs_no_home_and_makes_none(self, tmp_path, monkeypatch):
        monkeypatch.setenv("COI_HOME", str(tmp_path / "none"))
        answer = CliRunner().invoke(cli, ["moratoria", "--json", "--as-of", "2024-12-20"])
        assert answer.exit_code == 0, answer.output
        found = {one["id"]: one for one in json.loads(answer.output)["moratoria"]}
        assert not (tmp_path / "none").exists()
        assert found["UK-SYR-2024"]["state"] == "GB" and "NL-IRN-2026" not in found
        syria = found["NL-SYR-2024"]
        assert {h["half"]: (h["regime"], h["ends_on"], h["days_left"]) for h in syria["halves"]} == {
            "decisions": ("nl_vw2000_decisions", "2025-06-13", 175),
            "departures": ("nl_vw2000_departures", "2025-06-13", 175),
        }
        assert syria["dates"]["decided"]["on"] == "2024-12-11" and syria["dates"]["ended"] is None
        assert syria["information"] == "not assessed" and syria["ended_by"] == ""  # nobody knew that then
        assert found["NL-RUS-2022"]["confidence"]["ended"] == "inferred"

    def test_it_filters_and_prints_for_people(self, tmp_path, monkeypatch):
        monkeypatch.setenv("COI_HOME", str(tmp_path / "none"))
        run = CliRunner().invoke
        said = run(cli, ["moratoria", "--state", "uk", "--as-of", "2025-01-01"]).output
        assert "UK-SYR-2024" in said and "since 2024-12-09" in said and "NL-" not in said
        refused = run(cli, ["moratoria", "--country", "ZZ"])
        assert refused.exit_code == 2 and "the register holds none" in refused.output
        assert run(cli, ["moratoria", "--as-of", "2999-01-01"]).exit_code == 2
