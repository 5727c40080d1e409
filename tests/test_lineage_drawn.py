"""Where a document comes from, drawn: every step of the list once, no circle without end, nothing over another."""

from hypothesis import given
from hypothesis import strategies as st

from review.plugin.lineage import Lineage, Link
from review.plugin.lineage_drawn import BOX_HEIGHT, MOST, draw

HEAD = {"id": 9, "publisher": "Here", "title": "This one", "language": "en"}


def step(child: int, parent: int | None, certainty: str = "merged") -> dict:
    sides = {f"{s}_{k}": f"{s} {k}" for s in ("child", "parent") for k in ("publisher", "title", "language")}
    return sides | {
        "child_id": child,
        "parent_id": parent,
        "label": "A wire",
        "certainty": certainty,
        "rule": "copy",
        "child_public_on": "2024-08-11",
        "parent_public_on": "2024-08-10",
    }


def link(row: dict, *chain: dict) -> Link:
    return Link(row=row, quote="", via=(), chain=chain)


def lineage(above: list[Link], below: list[dict]) -> Lineage:
    return Lineage(above=tuple(above), parted=(), noted=(), below=tuple(below))


def test_origins_left_and_copies_right():
    drawn = draw(HEAD, lineage([link(step(9, 1), step(1, 2)), link(step(9, None, "proposed"))], [step(7, 9)]))
    across = {box.document_id or box.who: box.x for box in drawn.boxes}
    assert across[2] < across[1] == across["A wire"] < across[9] < across[7]
    assert [line.sure for line in drawn.lines].count(False) == 1
    assert len(drawn.lines) == 4


def test_a_document_of_its_own_is_not_drawn():
    assert draw(HEAD, lineage([], [])) is None


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), min_size=1, max_size=12), st.integers(0, 20))
def test_any_links_even_circles_end_in_boxes_apart(pairs, copies):
    above = [link(step(9, parent), step(parent, further)) for parent, further in pairs]
    drawn = draw(HEAD, lineage(above, [step(100 + n, 9) for n in range(copies)]))
    places = [(box.x, box.y) for box in drawn.boxes]
    assert len({(box.document_id, box.who) for box in drawn.boxes}) == len(places) == len(set(places))
    assert all(0 <= y <= drawn.height - BOX_HEIGHT for _, y in places)
    assert drawn.left_out == max(0, copies - MOST)
    assert sum(box.here for box in drawn.boxes) == 1
