"""Who wrote it and what it is: said by the document, or left empty."""

import pytest

from crawler.read.authorship import authors_of, document_type_of


@pytest.mark.parametrize(
    ("front", "declared", "expected"),
    [
        (["Country report", "Author: Jane van der Berg"], None, ("Jane van der Berg",)),
        (["Auteurs:", "Jan de Vries en Marie Jansen"], None, ("Jan de Vries", "Marie Jansen")),
        (["Авторы: Григорий Дурново, Наталия Смирнова"], None, ("Григорий Дурново", "Наталия Смирнова")),
        (["Ministerie van Buitenlandse Zaken", "Directie Consulaire Zaken"], None,
         ("Ministerie van Buitenlandse Zaken, Directie Consulaire Zaken",)),
        (["EUAA", "COI Query Response"], "user1", ("EUAA",)),
        (["A title"], "Maria Petrova", ("Maria Petrova",)),
        (["A title"], "Microsoft Office User", ()),
        (["A title"], "jdevries", ()),
        (["A title"], "LaTeX with hyperref", ()),
        (["The author: nobody knows who wrote it, and it is not said."], None, ()),
        (["The ministry said that it was not so."], None, ()),
        (["Ministry of Defence officials said on 3 May that it is not so."], None, ()),
        ([], None, ()),
    ],
)  # fmt: skip
def test_authors(front, declared, expected):
    assert authors_of(front, declared) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("General Country of Origin Report Russian Federation", "general country report"),
        ("Algemeen ambtsbericht Russische Federatie", "general country report"),
        ("Thematisch ambtsbericht dienstplicht", "thematic country report"),
        ("COI QUERY RESPONSE - Russian Federation", "query response"),
        ("Country policy and information note: military service, Russia", "country policy and information note"),
        ("Brief van de staatssecretaris van Justitie en Veiligheid", "letter to parliament"),
        ("Aan de Voorzitter van de Tweede Kamer der Staten-Generaal", "letter to parliament"),
        ("Russian Federation: Country Focus", "country focus"),
        ("The country report was discussed. Nobody read it.", None),
        ("He is a query response", None),
        ("Weather in May", None),
    ],
)
def test_document_types(line, expected):
    assert document_type_of([line]) == expected
