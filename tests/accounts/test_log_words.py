"""The sentences of the access log: every code has one, in both languages, in the language of the reader."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from accounts.log_words import LOG_SENTENCES, OWN_WORDS, sentence_of
from accounts.models import AccessRecord
from accounts.services import LONGEST_LIST, LONGEST_TEXT, record_access
from demo.factories import PersonFactory
from people import services

APPS = ["accounts", "programmes", "people", "matching", "events", "reporting", "imports", "transfer", "desk", "demo"]
# Functions that log; a code is a literal among their arguments.
LOGS = re.compile(r"record_access|record_export|(.*_)?log(_.*)?|_save|_set_active")
CODE = re.compile(r"[a-z]+(_[a-z]+)+")
# Their Danish is spelt as their English.
SAME_IN_BOTH = {"desk_opened", "match_changed", "support_opened", "support_exported"}


def codes_in(path: Path) -> set[str]:
    """Return the codes that a file logs: texts such as ``person_created`` in calls of the functions that log."""
    found = set()
    for call in ast.walk(ast.parse(path.read_text())):
        if isinstance(call, ast.Call) and LOGS.fullmatch(getattr(call.func, "attr", getattr(call.func, "id", ""))):
            arguments = [*call.args, *(word.value for word in call.keywords if word.arg in {None, "code"})]
            found |= {text for argument in arguments for text in _texts(argument) if CODE.fullmatch(text)}
    return found


def _texts(argument: ast.expr) -> list[str]:
    branches = [argument.body, argument.orelse] if isinstance(argument, ast.IfExp) else [argument]
    return [one.value for one in branches if isinstance(one, ast.Constant) and isinstance(one.value, str)]


def test_every_logged_code_has_a_sentence_and_every_sentence_is_logged():
    files = [path for app in APPS for path in (settings.BASE_DIR / app).rglob("*.py")]
    logged = set().union(*map(codes_in, files))
    assert logged == set(LOG_SENTENCES.keys()) - {OWN_WORDS}


@pytest.mark.parametrize("code", sorted(LOG_SENTENCES.keys()))
def test_every_sentence_is_in_both_languages(code):
    template = LOG_SENTENCES[code].template
    with translation.override("en"):
        english = str(template)
    with translation.override("da"):
        danish = str(template)
    words = re.sub(r"%\(\w+\)s", "", english)
    assert (danish == english) == (code in SAME_IN_BOTH or not re.search("[a-z]", words))
    assert sorted(re.findall(r"%\(\w+\)s", danish)) == sorted(re.findall(r"%\(\w+\)s", english))


@pytest.mark.parametrize(
    ("code", "values", "english", "danish"),
    [
        ("", {}, "", ""),
        ("text", {"text": "Person oprettet"}, "Person oprettet", "Person oprettet"),
        (
            "person_changed",
            {"fields": ["last_name", "languages"]},
            "Changed: last name, languages",
            "Ændret: efternavn, sprog",
        ),
        ("person_changed", {"fields": ["shoe_size"]}, "Changed: shoe_size", "Ændret: shoe_size"),
        ("person_enrolled", {"role": "mentor"}, "Enrolled as mentor", "Tilmeldt som mentor"),
        ("match_changed", {"status": "active"}, "Match: Active", "Match: Aktivt"),
        ("match_changed", {"status": "unheard_of"}, "Match: unheard_of", "Match: unheard_of"),
        ("match_changed", {}, "Match: –", "Match: –"),
        (
            "sign_in_stopped",
            {"user": "Hanne Lund", "branch": "Tingbjerg"},
            "Hanne Lund: Sign-in stopped",
            "Hanne Lund: Adgang stoppet",
        ),
        ("import_applied", {"file": "a.ods", "kind": "mentee"}, "a.ods: Mentees", "a.ods: Mentees"),
        (
            "report_file_written",
            {"file": "pdf", "start": "2011-01-01", "end": "2011-06-30"},
            "pdf, 1 January 2011 – 30 June 2011",
            "pdf, 1. januar 2011 – 30. juni 2011",
        ),
        (
            "list_exported",
            {"list": "people", "file": "csv", "filters": {"koen": "woman", "soeg": "åse", "sprog": "Somali"}},
            "People, csv · Search: “åse” · Gender: Woman · Language: Somali",
            "Personer, csv · Søg: »åse« · Køn: Kvinde · Sprog: Somali",
        ),
        (
            "list_exported",
            {"list": "access-log", "file": "xlsx", "filters": {"fra": "2011-09-15", "sag": None, "type": "read"}},
            "Access log, xlsx · Case number: (a CPR number) · What was done: Read · From: 15 September 2011",
            "Adgangslog, xlsx · Sagsnummer: (et CPR-nummer) · Hvad der skete: Læst · Fra: 15. september 2011",
        ),
        (
            "list_exported",
            {"list": "meetings", "part": "M-2011-003", "file": "ods"},
            "Meetings M-2011-003, ods",
            "Møder M-2011-003, ods",
        ),
        (
            "list_exported",
            {"list": "of-a-later-version", "file": "csv", "filters": {"farve": "blå"}},
            "of-a-later-version, csv · farve: blå",
            "of-a-later-version, csv · farve: blå",
        ),
        (
            "of_a_later_version",
            {"text": "x"},
            "An act that this version does not know (of_a_later_version)",
            "En handling, som denne version ikke kender (of_a_later_version)",
        ),
    ],
)
def test_sentence_is_in_the_language_of_the_reader(code, values, english, danish):
    for language, expected in (("en", english), ("da", danish)):
        with translation.override(language):
            assert sentence_of(code, values).replace("\xa0", " ") == expected


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("writer", "reader", "words"), [("en", "da", "Ændret: efternavn"), ("da", "en", "Changed: last name")]
)
def test_log_written_in_one_language_is_read_in_the_other(
    client_of, administrator, coordinator, tingbjerg, writer, reader, words
):
    person = PersonFactory(home_branch=tingbjerg)
    with translation.override(writer):
        services.update_person(person, by=coordinator, last_name="Kjærgaard")
    administrator.language = reader
    administrator.save()
    [record] = AccessRecord.objects.all()
    assert (record.code, record.values) == ("person_changed", {"fields": ["last_name"]})
    client = client_of(administrator)
    assert words in client.get("/administration/log/").content.decode()
    csv = client.get("/administration/log/", {"format": "csv"})
    assert words in b"".join(csv.streaming_content).decode()


@pytest.mark.django_db
def test_unknown_code_is_refused_and_long_values_are_cut(coordinator):
    with pytest.raises(ValueError, match="no sentence for person_painted"):
        record_access(by=coordinator, kind="write", subject="people.person", code="person_painted")
    assert not AccessRecord.objects.exists()
    values = {"words": "x" * (LONGEST_TEXT + 1), "numbers": ["T-1"] * (LONGEST_LIST + 1), "count": 7}
    record = record_access(by=coordinator, kind="search", subject="people.person", code="words_searched", values=values)
    assert record.values == {"words": "x" * LONGEST_TEXT, "numbers": ["T-1"] * LONGEST_LIST, "count": 7}
