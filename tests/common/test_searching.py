"""What is searched for, read as it is stored."""

import pytest

from common.searching import as_number, words_to_find


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("+45 20 12 34 56", ["4520123456"]),
        ("0045 20123456", ["4520123456"]),
        ("0045-20-12-34-56", ["4520123456"]),
        ("20-12-34-56", ["4520123456"]),
        ("20 12 34 56", ["4520123456"]),
        ("45 20123456", ["4520123456"]),
        ("tlf. 20123456", ["4520123456"]),
        ("٢٠١٢٣٤٥٦", ["4520123456"]),
        ("\u202a20 12 34 56\u202c", ["4520123456"]),
        ("+46 (0)70-123 45 67", ["46701234567"]),
        ("Anne Holm, mobil 20 12 34 56", ["4520123456", "anne", "holm"]),
        ("<a@b.dk>", ["a@b.dk"]),
        ("Anne Holm <Anne.Holm@b.dk>", ["anne.holm@b.dk", "anne", "holm"]),
        ("mailto:a@b.dk", ["a@b.dk"]),
        ("@b.dk", ["@b.dk"]),
        ("t2011033", ["t-2011-033"]),
        ("T 2011 033", ["t-2011-033"]),
        ("T-2011-033", ["t-2011-033"]),
        ("M-2011-1033 Åse", ["m-2011-1033", "ase"]),
        ("t-2011", ["t-2011"]),
        ("2011-03", ["2011-03"]),
        ("T20123456", ["4520123456"]),
        ("Hansen, Anne", ["hansen", "anne"]),
        ("Anne-Marie Kjær", ["anne", "marie", "kjaer"]),
        ("20 12 34", ["20", "12", "34"]),
        ("+45 2012", ["45", "2012"]),
        ("…", ["..."]),
        ("?", ["?"]),
        ("-", ["-"]),
        ("", []),
        ("  ", []),
    ],
)
def test_words_to_find(text, words):
    assert words_to_find(text) == words


@pytest.mark.parametrize(
    ("text", "number"),
    [("t2011033", "T-2011-033"), (" t 2011-033 ", "T-2011-033"), ("T-2011-033", "T-2011-033"), ("Åse", "Åse"),
     ("20123456", "20123456"), ("t2011033 Åse", "t2011033 Åse")],
)  # fmt: skip
def test_a_number_may_be_typed_without_hyphens(text, number):
    assert as_number(text) == number
