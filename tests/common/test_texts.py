"""Texts without invisible marks."""

import pytest

from common.texts import clean_text


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Åse Møller", "Åse Møller"),
        ("A\u030ase", "Åse"),
        ("\u202a+45 20 12 34 56\u202c", "+45 20 12 34 56"),
        ("\ufeffAnne\u200b \u200eHolm\u200f\xad", "Anne Holm"),
        ("Anne\x00\x07\x1b\x7f\x9fHolm", "AnneHolm"),
        ("Anne\xa0Holm\u2009x", "Anne Holm x"),
        ("et\r\nto\n\ttre", "et\r\nto\n\ttre"),
        ("et\u2028to\x00", "et\nto"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("क्\u200dष", "क्\u200dष"),
        ("\u200dAnne\u200c Holm\u200d", "Anne Holm"),
        ("\ud800x\ufffe", "x"),
        ("\u200b\u200d", ""),
        ("", ""),
    ],
)
def test_texts_are_cleaned(typed, stored):
    assert clean_text(typed) == stored
    assert clean_text(stored) == stored
