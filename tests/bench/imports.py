"""The rows of the bench about imports: new and known people, the preview, and a long list."""

import io
import time
from collections.abc import Callable
from unittest import mock

import tablib
from django.db import connection, models, transaction
from import_export import resources

from accounts.models import User
from common.conditions import CheckedModel
from imports.services import apply_import, check_import, read_upload, stage_import
from people.models import Person
from programmes.models import Programme
from tests.bench.measuring import Row, at_least, at_most, median_seconds, medians_in_turn, network

IMPORT_ROWS = 10_000
LONG_LIST = 49_999  # with its headings, the maximum length of a list
THEIR_ROWS = IMPORT_ROWS // 5
GOALS = {"sqlite": 5, "postgresql": 12}
PREVIEW_GOAL = 1.3
PACE_GOAL = 0.9


def spreadsheet(rows: int, more: str = "") -> bytes:
    """Return a mentor bank of twenty columns. ``more`` is the start of a second e-mail address for all people."""
    headers = (
        "Fornavn;Efternavn;Køn;Født;Mobil;E-mail;Adresse;Postnr.;By;Stilling;Branche;Uddannelse;Sprog;Kan hjælpe med;"
        "Ledig fra;Maks. antal mentees;Straffeattest;Bemærkninger;Nr.;Kilde"
    )
    lines = [
        f"Anna{n};Prøve{n};K;{n % 28 + 1:02d}-{n % 12 + 1:02d}-{1950 + n % 40};"
        f"{20_000_000 + n};a{n}@example.dk{f', {more}{n}@example.dk' if more else ''};"
        f"Ruten {n};2700;Brønshøj;Lærer;Undervisning;Seminariet;dansk, engelsk;lektier;nu;1;ja;;{n};oplæg"
        for n in range(rows)
    ]
    return "\n".join([headers, *lines]).encode()


class PersonResource(resources.ModelResource):
    """The twenty columns of our file, with validation of each row."""

    class Meta:
        model = Person
        fields = (
            "home_branch", "case_number", "first_name", "last_name", "gender", "birth_date", "birth_year",
            "office_phone", "best_reached", "address", "postcode", "town", "origin", "arrival_year", "livelihood",
            "education", "occupation", "organisation", "notes", "search_text",
        )  # fmt: skip
        import_id_fields = ("case_number",)
        clean_model_instances = True
        use_transactions = True


def their_rows(programme: Programme, **changes) -> tablib.Dataset:
    sample = dict.fromkeys(PersonResource._meta.fields, "") | {
        "home_branch": programme.branch_id,
        "first_name": "Anna",
        "last_name": "Prøve",
        "gender": "woman",
        "birth_date": "1968-09-03",
        "office_phone": "38 20 10 30",
        "best_reached": "aften",
        "address": "Ruten 2",
        "postcode": "2700",
        "town": "Brønshøj",
        "education": "Seminariet",
        "occupation": "Lærer",
        "notes": "oplæg",
        "search_text": "anna prove",
    }
    data = tablib.Dataset(headers=list(sample))
    for n in range(THEIR_ROWS):
        data.append([*{**sample, "case_number": f"X-{n}", **changes}.values()])
    return data


def import_theirs(data: tablib.Dataset) -> None:
    """Import with Django's own validation of constraints, in place of our faster one (``common.conditions``)."""
    with mock.patch.object(CheckedModel, "validate_constraints", models.Model.validate_constraints):
        _import_theirs(data)


def _import_theirs(data: tablib.Dataset) -> None:
    result = PersonResource().import_data(data, raise_errors=True)
    assert not result.has_errors()


def preview_ours(content: bytes, programme: Programme, user: User, kind: str):
    """Read and check a file, up to the review."""
    upload = read_upload(io.BytesIO(content), "bank.csv")
    return check_import(stage_import(upload, programme=programme, by=user, kind=kind), by=user)


def import_ours(content: bytes, programme: Programme, user: User, kind: str = "mentor") -> None:
    batch = apply_import(preview_ours(content, programme, user, kind), by=user)
    assert batch.counts["accepted"] == batch.counts["rows"]


def undone(act: Callable[[], object]) -> Callable[[], None]:
    """Wrap an act in a transaction that is rolled back, so that it can run again."""

    def run() -> None:
        with transaction.atomic():
            act()
            transaction.set_rollback(True)

    return run


def against_theirs(ours: Callable[[], object], theirs: tablib.Dataset) -> float:
    """Return how many times faster our import of a row is."""
    our_seconds, their_seconds = medians_in_turn(undone(ours), undone(lambda: import_theirs(theirs)), repeats=3)
    return (their_seconds / THEIR_ROWS) / (our_seconds / IMPORT_ROWS)


def measure_import() -> Row:
    """Compare our import (read, check, stage, check again, store) with import-export row by row."""
    programme, user = network("import", "I")
    content, theirs = spreadsheet(IMPORT_ROWS), their_rows(programme)
    times_faster = against_theirs(lambda: import_ours(content, programme, user), theirs)
    return at_least(
        f"import of {IMPORT_ROWS} new rows, against import-export row by row",
        times_faster,
        GOALS[connection.vendor],
    )


def measure_update() -> Row:
    """Compare our import of known people, who get new values, with import-export updating row by row."""
    programme, user = network("update", "U")
    content, theirs = spreadsheet(IMPORT_ROWS, more="ny"), their_rows(programme, town="Husum")
    with transaction.atomic():
        import_ours(spreadsheet(IMPORT_ROWS), programme, user)
        import_theirs(their_rows(programme))
        times_faster = against_theirs(lambda: import_ours(content, programme, user, "mentee"), theirs)
        transaction.set_rollback(True)
    return at_least(
        f"import of {IMPORT_ROWS} rows of known people, against import-export row by row",
        times_faster,
        GOALS[connection.vendor],
    )


def measure_preview() -> Row:
    """Compare the time from the file to the review with the time to apply the import."""
    programme, user = network("preview", "V")
    content, seconds = spreadsheet(IMPORT_ROWS), {"preview": [], "import": []}

    def both() -> None:
        began = time.perf_counter()
        batch = preview_ours(content, programme, user, "mentor")
        reviewed = time.perf_counter()
        apply_import(batch, by=user)
        seconds["preview"].append(reviewed - began)
        seconds["import"].append(time.perf_counter() - reviewed)

    median_seconds(undone(both), 2)
    return at_most(
        "preview of an import, against applying it", min(seconds["preview"]) / min(seconds["import"]), PREVIEW_GOAL
    )


def measure_long_import() -> Row:
    """Compare the rows per second of the longest possible list with those of a fifth of it."""
    programme, user = network("long", "L")
    lists = {rows: spreadsheet(rows) for rows in (IMPORT_ROWS, LONG_LIST)}
    acts = [undone(lambda content=content: import_ours(content, programme, user)) for content in lists.values()]
    paces = [rows / seconds for rows, seconds in zip(lists, medians_in_turn(*acts, repeats=2), strict=True)]
    return at_least(f"pace of {LONG_LIST} rows, against that of {IMPORT_ROWS}", paces[1] / paces[0], PACE_GOAL)
