"""Checking, applying and undoing as tasks: where they run, how they end, and what a killed worker leaves."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import AccessRecord
from imports import services
from imports.models import ImportBatch, ImportRow
from imports.services import tasks
from people.models import Person
from tasks.models import Task
from tasks.services import recover_tasks, run_next
from tests.imports.samples import SAMPLES, codes, stage_list, stage_sample
from tests.imports.test_kill import is_sound, spread
from tests.tasks.test_kill import wait_until

pytestmark = pytest.mark.django_db
MENTOR = "Fornavn|Efternavn|Født|Mobil|E-mail|Branche"
ROW = "Åse|Møller||50505050||It"
SAMPLE = "mentees_tingbjerg_2010.csv"


@pytest.fixture
def with_worker(monkeypatch):
    """All lists are long, and a worker seems to be running, so that tasks wait for ``run_next``."""
    monkeypatch.setattr(tasks, "SHORT_ROWS", 0)
    monkeypatch.setattr(tasks, "worker_is_running", lambda: True)


def ended(name, batch, by) -> Task:
    """Start a task and run it as a worker does."""
    task = services.start_work(name, batch, by=by)
    assert task.state == "waiting"
    assert run_next()
    task.refresh_from_db()
    return task


def test_a_list_is_checked_applied_and_undone_by_a_worker(programme, administrator, with_worker):
    batch = stage_list(MENTOR, ROW, programme=programme, by=administrator)
    for name, status, people in (
        (services.CHECK, "staged", 0), (services.APPLY, "applied", 1), (services.UNDO, "undone", 0),
    ):  # fmt: skip
        task = ended(name, batch, administrator)
        batch.refresh_from_db()
        assert (task.state, task.result, batch.status, Person.objects.count()) == ("done", {}, status, people)
        assert (task.arguments, task.branch_id, task.by) == (
            {"batch_id": batch.pk}, programme.branch_id, administrator,
        )  # fmt: skip
    assert (batch.applied_by, batch.undone_by) == (administrator, administrator)


@pytest.mark.parametrize(("rows", "is_running", "state"), [(1, True, "done"), (3, True, "waiting"), (3, False, "done")])
def test_short_lists_and_all_without_a_worker_are_done_at_once(
    programme, administrator, monkeypatch, rows, is_running, state
):
    monkeypatch.setattr(tasks, "SHORT_ROWS", 2)
    monkeypatch.setattr(tasks, "worker_is_running", lambda: is_running)
    batch = stage_list(MENTOR, *[f"Åse{n}|Møller||||It" for n in range(rows)], programme=programme)
    assert services.must_stay_open(batch) is (rows == 3 and not is_running)
    assert services.start_work(services.APPLY, batch, by=administrator).state == state


def test_one_task_of_an_import_is_open_at_a_time(programme, administrator, with_worker):
    batch, other = (stage_list(MENTOR, ROW, programme=programme) for _time in range(2))
    first = services.start_work(services.CHECK, batch, by=administrator)
    assert services.start_work(services.APPLY, batch, by=administrator) == first
    Task.objects.filter(pk=first.pk).update(state="running")
    assert services.start_work(services.CHECK, batch, by=administrator) == first
    assert services.start_work(services.CHECK, other, by=administrator) != first
    assert set(services.open_works([batch, other])) == {batch.pk, other.pk}


def test_an_outcome_that_changed_is_checked_again_instead_of_applied(programme, administrator, with_worker):
    batch = stage_list(MENTOR, ROW, programme=programme)
    services.apply_import(stage_list(MENTOR, ROW, programme=programme), by=None)
    task = ended(services.APPLY, batch, administrator)
    batch.refresh_from_db()
    assert (task.state, task.result, batch.status) == ("done", {"is_changed": True}, "staged")
    assert codes(batch) == {2: ("duplicate_existing", "duplicate_existing")}


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        (lambda batch, user: services.apply_import(batch, by=user), "Hanne Lund importerede filen"),
        (lambda batch, user: user.memberships.all().delete(), "Brugeren må ikke længere importere i afdelingen."),
        (lambda batch, user: type(user).objects.update(is_active=False), "Brugeren må ikke længere importere"),
    ],
)
def test_a_refusal_is_final_and_keeps_its_sentence(programme, administrator, with_worker, act, sentence):
    batch = stage_list(MENTOR, ROW, programme=programme)
    task = services.start_work(services.APPLY, batch, by=administrator)
    act(batch, administrator)
    assert run_next()
    task.refresh_from_db()
    assert (task.state, task.tries, task.error[: len(sentence)]) == ("failed", 1, sentence)


def test_only_users_who_may_import_start_and_go_on(programme, coordinator, with_worker):
    batch = stage_list(MENTOR, ROW, programme=programme)
    for act in (lambda: services.start_work(services.APPLY, batch, by=coordinator),
                lambda: services.go_on_here(batch, by=coordinator)):  # fmt: skip
        with pytest.raises(PermissionDenied):
            act()
    assert Task.objects.count() == 0


def test_a_waiting_task_is_cancelled_by_discarding_and_a_running_one_prevents_it(programme, administrator, with_worker):
    batch = stage_list(MENTOR, ROW, programme=programme)
    task = services.start_work(services.APPLY, batch, by=administrator)
    Task.objects.update(state="running")
    with pytest.raises(services.ImportRefused, match="Filen er under arbejde lige nu"):
        services.discard_import(batch, by=administrator)
    Task.objects.update(state="waiting")
    services.discard_import(batch, by=administrator)
    task.refresh_from_db()
    batch.refresh_from_db()
    assert (task.state, batch.status, run_next()) == ("cancelled", "discarded", False)


def test_the_progress_counts_rows_and_names_the_step(programme):
    batch, reports = stage_list(MENTOR, ROW, "Bo|Dam|||b@d.dk|It", programme=programme), []
    services.check_import(batch, by=None, report=lambda *report: reports.append(report))
    services.apply_import(batch, by=None, report=lambda *report: reports.append(report))
    assert reports == [(1, 2, "check"), (2, 2, "check"), (2, 2, "store")] * 2


# ---------------------------------------------------------------- killed workers


def half_done() -> tuple:
    return Person.objects.count(), ImportRow.objects.count(), AccessRecord.objects.count()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", [services.CHECK, services.APPLY])
def test_a_worker_that_is_killed_half_way_leaves_nothing_and_the_next_ends_the_task(
    programme, administrator, with_worker, killed, name
):
    if name == services.CHECK:
        with (SAMPLES / SAMPLE).open("rb") as file:
            batch = services.stage_import(services.read_upload(file, SAMPLE), programme=programme, by=administrator)
        status, whole, before = "read", (0, 140, 0), half_done()
    else:
        batch = stage_sample(SAMPLE, programme, administrator)
        status, whole, before = "staged", (125, 140, 1), half_done()
    services.start_work(name, batch, by=administrator)
    last = killed("work", "before")
    for moment in spread(last)[2:]:
        Task.objects.all().delete()
        task = services.start_work(name, batch, by=administrator)
        assert killed("work", moment) == moment
        batch.refresh_from_db()
        task.refresh_from_db()
        assert (batch.status, half_done()) == (status, before), moment
    assert (task.state, task.tries) == ("running", 1)
    assert is_sound()
    wait_until(recover_tasks)  # the killed process may need a moment to die
    task.refresh_from_db()
    assert (task.state, task.error) == ("waiting", "worker_died")
    killed("work", "after")
    task.refresh_from_db()
    assert (task.tries, half_done()) == (2, whole)
    if name == services.CHECK:  # stores the outcome before the task ends, so it is checked once more
        wait_until(recover_tasks)
        run_next()
        task.refresh_from_db()
    assert (task.state, half_done()) == ("done", whole)
    assert killed("work", "after") == "alive"
    assert (ImportBatch.objects.get().counts["accepted"], half_done()) == (125, whole)
