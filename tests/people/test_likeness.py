import datetime as dt

import pytest

from people.likeness import MOST_IN_BLOCK, Facts, LikeIndex, Likeness, is_exactly, likeness
from people.models import Person
from tests.imports.samples import import_sample

SAMPLE_FILES = (
    "mentorbank_pilot_2009.xlsx", "mentees_tingbjerg_2010.csv", "kontaktpersoner.ods", "tilmelding_google_forms.csv",
)  # fmt: skip
PHONE, EMAIL = {"+4550252858"}, {"anne.kj@example.dk"}
BORN = dt.date(1966, 3, 14)


def like(one: dict, other: dict, **options):
    return likeness(Facts(**one), Facts(**other), **options)


@pytest.mark.parametrize(
    ("one", "other", "score", "same"),
    [
        # same phone and birthday, the name in two spellings
        (
            {"name": "Anne Kjærgaard", "phones": PHONE, "birth_date": BORN},
            {"name": "Anne Kjergaard", "phones": PHONE, "birth_date": BORN, "emails": EMAIL},
            99,
            ("name", "phone", "birth"),
        ),
        # the birth year alone
        ({"name": "Marie Hansen", "birth_year": 1960}, {"name": "Maria Hansen", "birth_date": dt.date(1960, 5, 2)}, 66,
         ("birth_year",)),
        # day and month swapped, and a wrong digit
        ({"name": "Bo Friis", "birth_date": dt.date(1960, 5, 2)},
         {"name": "Bo Friis", "birth_date": dt.date(1960, 2, 5)}, 72, ("name", "birth_year")),
        ({"name": "Bo Friis", "birth_date": dt.date(1960, 5, 2)},
         {"name": "Bo Friis", "birth_date": dt.date(1960, 5, 12)}, 72, ("name", "birth_year")),
        ({"name": "Bo Friis", "birth_date": dt.date(1960, 5, 2), "phones": PHONE},
         {"name": "Friis Bo", "birth_date": dt.date(1966, 5, 2), "phones": PHONE}, 78, ("name", "phone")),
        ({"name": "Bo Friis", "birth_date": dt.date(1960, 1, 12)},
         {"name": "Bo Friis", "birth_date": dt.date(1960, 2, 12)}, 72, ("name", "birth_year")),
        # 1 January as a placeholder for the year
        ({"name": "Ali Farah", "birth_date": dt.date(1960, 1, 1)},
         {"name": "Aly Farah", "birth_date": dt.date(1960, 1, 1)}, 71, ("name", "birth_year")),
        ({"name": "Ali Farah", "birth_date": dt.date(1960, 1, 1)},
         {"name": "Ali Farah", "birth_date": dt.date(1960, 7, 9)}, 72, ("name", "birth_year")),
        # the postcode, when the names are nearly equal
        ({"name": "Lene Kjærgaard", "postcode": "2700"}, {"name": "Lene Kjærgård", "postcode": "2700"}, 66,
         ("name", "postcode")),
        # another last name, same birthday and e-mail
        ({"name": "Anne Holm", "emails": EMAIL, "birth_date": BORN}, {"name": "Anne Kjær", "emails": EMAIL,
         "birth_date": BORN}, 86, ("email", "birth")),
        # the first name alone, and a phone
        ({"name": "Fatima", "phones": PHONE}, {"name": "Fatima Ali", "phones": PHONE}, 68, ("phone",)),
        # another gender is not enough against
        ({"name": "Kim Möller", "gender": "woman", "emails": EMAIL}, {"name": "Kim Møler", "gender": "man",
         "emails": EMAIL}, 68, ("name", "email")),
    ],
)  # fmt: skip
def test_a_probable_pair_has_a_score_and_shared_attributes(one, other, score, same):
    assert like(one, other) == Likeness(score, same)
    assert like(other, one) == Likeness(score, same)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # a couple, siblings, twins: the same last name and phone
        ({"name": "Amina Ali", "phones": PHONE}, {"name": "Hassan Ali", "phones": PHONE}),
        ({"name": "Hassan Ali", "phones": PHONE, "birth_date": BORN}, {"name": "Hussein Ali", "phones": PHONE,
         "birth_date": BORN}),
        ({"name": "Ali", "phones": PHONE, "birth_date": BORN}, {"name": "…", "phones": PHONE, "birth_date": BORN}),
        ({"name": "Bo Friis", "birth_year": 1960}, {"name": "Ida Holm", "birth_year": 1960}),
        ({"name": "Marie Friis", "phones": PHONE, "birth_date": dt.date(1960, 5, 2)},
         {"name": "Maria Friis", "phones": PHONE, "birth_date": dt.date(1960, 11, 23)}),
        # an office
        ({"name": "Bo Friis", "phones": PHONE}, {"name": "Ida Holm", "phones": PHONE}),
        # only the name, or only the postcode and a wrong letter
        ({"name": "Bo Friis"}, {"name": "Bo Friis"}),
        ({"name": "Bo Friis", "emails": EMAIL}, {"name": "Bo Friis", "phones": PHONE}),
        ({"name": "Marie Hansen", "postcode": "2700"}, {"name": "Maria Hansen", "postcode": "2700"}),
        # short names with one different letter
        ({"name": "Lene Holm", "birth_year": 1960}, {"name": "Lone Holm", "birth_year": 1960}),
        # another birthday, another year
        ({"name": "Ahmed Benali", "postcode": "2700", "birth_date": dt.date(1959, 1, 1)},
         {"name": "Ahmed Benali", "postcode": "2700", "birth_date": dt.date(1983, 1, 1)}),
        ({"name": "Bo Friis", "postcode": "2700", "birth_year": 1959}, {"name": "Bo Friis", "postcode": "2700",
         "birth_year": 1960}),
        ({"name": "Marie Hansen", "phones": PHONE, "birth_year": 1935}, {"name": "Maria Hansen", "phones": PHONE,
         "birth_year": 1960}),
        ({"name": "Bo Friis", "birth_date": dt.date(1960, 5, 2)},
         {"name": "Bo Friis", "birth_date": dt.date(1960, 11, 23)}),
        ({"name": "Fatima", "phones": PHONE, "birth_year": 1935}, {"name": "Fatima Ali", "phones": PHONE,
         "birth_year": 1960}),
        # another gender
        ({"name": "Samir Mansour", "gender": "man", "birth_year": 1970}, {"name": "Samira Mansour", "gender": "woman",
         "birth_year": 1970}),
        ({"name": "Kim Holm", "gender": "man", "birth_year": 1970}, {"name": "Kim Holm", "gender": "woman",
         "birth_year": 1970}),
        ({"name": "Anne Holm", "emails": EMAIL, "birth_date": BORN, "gender": "woman"},
         {"name": "Anne Kjær", "emails": EMAIL, "birth_date": BORN, "gender": "man"}),
        # a first name and the year
        ({"name": "Fatima", "birth_year": 1960}, {"name": "Fatima Ali", "birth_year": 1960}),
    ],
)  # fmt: skip
def test_different_people_are_not_alike(one, other):
    assert like(one, other) is None
    assert like(other, one) is None


@pytest.mark.parametrize(
    "mark",
    [
        {"phones": PHONE},
        {"emails": EMAIL},
        {"birth_date": BORN},
        {"birth_date": dt.date(1960, 1, 1), "phones": PHONE},
    ],
)
def test_exact_matches_are_found_with_exact(mark):
    one, other = {"name": "Anne-Marie Holm", **mark}, {"name": "anne marie  holm", **mark}
    assert like(one, other) is None
    assert like(one, other, with_exact=True).is_exact


@pytest.mark.parametrize(
    ("one", "other", "score", "same"),
    [
        # a mother and a daughter with one phone
        ({"phones": PHONE, "birth_date": dt.date(1948, 3, 9)}, {"phones": PHONE, "birth_date": dt.date(1980, 11, 2)},
         65, ("name", "phone")),
        # two dates of which one may be a typing error, or a placeholder
        ({"emails": EMAIL, "birth_date": dt.date(1960, 5, 2)}, {"emails": EMAIL, "birth_date": dt.date(1960, 2, 5)},
         96, ("name", "email", "birth_year")),
        ({"phones": PHONE, "birth_date": dt.date(1960, 1, 1)}, {"phones": PHONE, "birth_date": dt.date(1960, 2, 5)},
         92, ("name", "phone", "birth_year")),
        # a father and a daughter with one name, one phone and different birth dates
        ({"phones": PHONE, "birth_date": dt.date(1948, 3, 9), "gender": "man"},
         {"phones": PHONE, "birth_date": dt.date(1980, 11, 2), "gender": "woman"}, 50, ("name", "phone")),
        # 1 January is no mark
        ({"birth_date": dt.date(1960, 1, 1)}, {"birth_date": dt.date(1960, 1, 1)}, 72, ("name", "birth_year")),
    ],
)  # fmt: skip
def test_one_name_with_other_birth_dates_or_1_january_is_probable_at_most(one, other, score, same):
    one, other = {"name": "Amina Ali"} | one, {"name": "Amina Ali"} | other
    for with_exact in (False, True):
        assert like(one, other, with_exact=with_exact) == Likeness(score, same)
        assert like(other, one, with_exact=with_exact) == Likeness(score, same)
    assert not is_exactly(Facts(**one), Facts(**other))


@pytest.mark.parametrize(
    ("one", "other"),
    [("Cabdi Warsame", "Abdi Warsame"), ("Xasan Cali", "Hassan Ali"), ("Cumar Nur", "Omar Nur"),
     ("Maxamed Nur", "Mohamed Nur"), ("Faadumo Nur", "Fatuma Nur"), ("Birthe Holm", "Birhte Holm")],
)  # fmt: skip
def test_sound_and_one_typing_error_are_probable_at_most(one, other):
    same = {"phones": PHONE, "emails": EMAIL, "birth_date": BORN}
    people = LikeIndex([Facts(one, **same)], with_exact=True)
    [found] = people.find(Facts(other, **same))
    assert (found.is_exact, found.same[-3:]) == (False, ("email", "phone", "birth"))
    assert not is_exactly(Facts(one, **same), Facts(other, **same))


def test_a_birth_date_contradicts_no_birth_year():
    assert is_exactly(Facts("Amina Ali", phones=PHONE, birth_date=BORN), Facts("Amina Ali", phones=PHONE))


def test_an_index_returns_the_most_alike_first():
    people = [
        Facts("Marie Hansen", birth_year=1960, ref=1),
        Facts("Maria Hansen", phones=PHONE, birth_year=1960, ref=2),
        Facts("Hansen Maria", birth_year=1960, postcode="2700", ref=3),
        Facts("Maria Hansen", phones=PHONE, ref=4),
        Facts("Bo Hansen", phones=PHONE, birth_year=1960, ref=5),
    ]
    index = LikeIndex(people)
    asked = Facts("Maria Hanssen", emails=EMAIL, phones=PHONE, birth_year=1960, postcode="2700")
    found = index.find(asked, limit=4)
    assert [(like.other.ref, like.score, like.same) for like in found] == [
        (2, 91, ("name", "phone", "birth_year")),
        (4, 79, ("name", "phone")),
        (3, 75, ("birth_year", "postcode")),
        (1, 65, ("birth_year",)),
    ]
    assert [like.other.ref for like in index.find(asked)] == [2, 4, 3]
    assert [like.other.ref for like in index.find(people[1], limit=9)] == [3, 1]
    assert index.find(Facts("Bo")) == []


def test_an_index_with_exact_finds_exact_matches():
    index = LikeIndex([Facts("Anne Holm", emails=EMAIL, ref=1)], with_exact=True)
    assert index.find(Facts("Anne Holm", emails=EMAIL)) == [
        Likeness(84, ("name", "email"), is_exact=True, other=index.find(Facts("Anne Holm", emails=EMAIL))[0].other)
    ]


def test_the_phone_of_an_office_is_ignored():
    index = LikeIndex(Facts("Anne Holm", phones=PHONE) for _n in range(MOST_IN_BLOCK))
    asked = Facts("Anna-Marie Anne Holm", phones=PHONE)
    assert len(index.find(asked, limit=100)) == MOST_IN_BLOCK
    for _n in range(3):
        index.add(Facts("Anne Holm", phones=PHONE))
    assert index.find(asked) == []


def test_the_samples_give_no_false_positives(programme):
    for name in SAMPLE_FILES:
        import_sample(name, programme)
    index = LikeIndex(with_exact=True)
    found = []
    for person in Person.objects.all():
        born = {"birth_date": person.birth_date, "birth_year": person.birth_year}
        facts = Facts(person.name, set(person.emails), set(person.phones), **born, postcode=person.postcode)
        found += index.find(facts)
        index.add(facts)
    assert found == []
    assert Person.objects.count() == 408
