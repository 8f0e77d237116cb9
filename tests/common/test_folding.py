"""Names and search words without accents, apostrophes and hyphens."""

import pytest

from common.folding import fold, fold_number


@pytest.mark.parametrize(
    ("one", "other", "folded"),
    [
        ("Søren Ågård", "SOEREN AAGAARD", "soren agard"),
        ("Sören", "Søren", "soren"),
        ("So\u0308ren", "Soren", "soren"),
        ("Cœur", "Coeur", "cour"),
        ("Kjærgaard", "Kjaergård", "kjaergard"),
        ("Anne-Marie", "Anne  Marie", "anne marie"),
        ("Anne\u2013Marie", "Anne\u2011Marie", "anne marie"),
        ("O'Brien", "O\u2019Brien", "obrien"),
        ("O`Brien", "O\u00b4Brien", "obrien"),
        ("Sa\u02bfid", "Sa\u02bcid", "said"),
        ("Ayşe Yıldız", "Ayse Yildiz", "ayse yildiz"),
        ("İbrahim", "ibrahim", "ibrahim"),
        ("علي", "علی", "علي"),
        ("مصطفى", "مصطفی", "مصطفي"),
        ("فاطمة", "فاطمه", "فاطمه"),
        ("محـمـد", "مُحَمَّد", "محمد"),
        ("أحمد", "احمد", "احمد"),
        ("آمنة", "ٱمنه", "امنه"),
        ("مؤمن", "مومن", "مومن"),
        ("عائشة", "عايشه", "عايشه"),
        ("دعاء", "دعا", "دعا"),
        ("کریم", "كريم", "كريم"),
        ("ﻋﻠﻰ", "علي", "علي"),
        ("می\u200cخواهم", "میخواهم", "ميخواهم"),
        ("٢٠۱۲", "2012", "2012"),
        ("-", "", ""),
    ],
)
def test_spellings_of_one_name_fold_to_the_same(one, other, folded):
    assert (fold(one), fold(other)) == (folded, folded)
    assert fold(folded) == folded


def test_numbers_keep_their_hyphens():
    assert [fold_number(number) for number in ("T-2011-033", "Ø-2011-1", "")] == ["t-2011-033", "o-2011-1", ""]
