"""CPR numbers are found in any notation; other numbers are not taken for one."""

import pytest

from common.cpr import find_cpr_numbers, remove_cpr_numbers


@pytest.mark.parametrize(
    "written",
    [
        "0101701234",
        "010170-1234",
        "010170 1234",
        "010170\u20131234",
        "010170 - 1234",
        "010170.1234",
        "010170/1234",
        "01.01.70-1234",
        "01-01-70-1234",
        "01/01/70 - 1234",
        "01 01 70 1234",
        "01 01 70-1234",
        "0101 70 1234",
        "290200-1234",
        "20280-1234",
    ],
)
def test_cpr_number_is_found_in_any_notation(written):
    assert find_cpr_numbers(written) == [written]
    assert find_cpr_numbers(f"Cpr:{written}, ring efter kl. 16") == [written]


@pytest.mark.parametrize(
    "text",
    [
        "310270-1234",  # 31 February
        "290201-1234",
        "01-01-70 2700 Brønshøj",
        "f. 01.01.70 2700 Brønshøj",
        "22 10 10 12 2700 Brønshøj",
        "22 10 10 12 22 10 10 13",
        "2210 1012 / 2210 1013",
        "+45 01 01 70 12",
        "+4501017012 34",
        "01-01-1970",
        "2010-03-04 10:11:12",
        "04-03-2010 1430",
        "20280 1234",
        "123456789",
        "0101701234567",
        "45280-1234",  # no 28th month
    ],
)
def test_other_numbers_are_not_found(text):
    assert find_cpr_numbers(text) == []


def test_adjacent_numbers_are_found():
    assert find_cpr_numbers("22 10 10 12 010170-1234 og 020280-1234") == ["010170-1234", "020280-1234"]


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("Cpr 030577-1234, siger hun.", "Cpr …, siger hun."),
        ("030577-1234 og 0305771234 og 030577-1234", "… og … og …"),
        ("Ring 20 12 34 56.", "Ring 20 12 34 56."),
    ],
)
def test_numbers_are_replaced_by_dots(text, without):
    assert remove_cpr_numbers(text) == without
