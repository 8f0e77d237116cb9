"""Correct the stored statuses of enrolments: they did not follow every change of matches, capacities and pauses."""

from collections import Counter

from django.utils import timezone
from django.db import migrations
from django.db.models import Q
from django.db.models.functions import Coalesce, TruncDate

OPEN_MATCH = ["proposed", "introduced", "active", "paused"]
NOTE = "{role} i {programme}: rollen var afsluttet{when}{why}, men et match løber. Rollen er derfor åben igen."


def settle(apps, schema_editor):
    enrolments = apps.get_model("people", "Enrolment").objects
    matches = list(apps.get_model("matching", "Match").objects.filter(status__in=OPEN_MATCH))
    # *Not yet* after the waiting list left the day, which now says that the person is ready.
    enrolments.filter(status="applied").update(waiting_since=None)
    in_match = enrolments.filter(status="matched", waiting_since=None)
    in_match.update(waiting_since=Coalesce("applied_on", TruncDate("created_at")))
    of_matches = {(side, getattr(match, f"{side}_id"), match.programme_id) for match in matches for side in ("mentor", "mentee")}
    used = Counter(match.mentor_id for match in matches)
    people = {person_id for _side, person_id, _programme_id in of_matches}
    rows = enrolments.filter(Q(person__in=people) | Q(status="matched")).select_related("person", "programme")
    for row in rows.order_by("pk"):
        has_match = (row.role, row.person_id, row.programme_id) in of_matches
        if row.status in {"ended", "declined"} and has_match:
            reopen(row)
        if row.status in {"applied", "waiting", "matched"}:
            set_status(row, has_match, used[row.person_id])
        row.save(update_fields=["status", "waiting_since", "ended_on", "ended_reason"])


def reopen(row):
    """Open a role that ended under a running match; the day and the reason become a note of the person."""
    when = f" {row.ended_on:%d.%m.%Y}" if row.ended_on else ""
    why = f" ({row.ended_reason})" if row.ended_reason else ""
    note = NOTE.format(role=row.role.capitalize(), programme=row.programme.name, when=when, why=why)
    row.person.notes = "\n".join(filter(None, [row.person.notes, note]))
    row.person.save(update_fields=["notes"])
    row.waiting_since = row.waiting_since or row.applied_on or timezone.localdate(row.created_at)
    row.status, row.ended_on, row.ended_reason = "applied", None, ""


def set_status(row, has_match, used):
    capacity = row.programme.default_capacity if row.capacity is None else row.capacity
    is_taken = 0 < used >= capacity if row.role == "mentor" else has_match
    if is_taken and row.status == "waiting" and row.waiting_since is None:
        row.waiting_since = row.applied_on or timezone.localdate(row.created_at)
    is_ready = row.status == "waiting" or row.waiting_since is not None
    row.status = "matched" if is_taken else "waiting" if is_ready else "applied"


class Migration(migrations.Migration):
    dependencies = [
        ("matching", "0001_initial"),
        ("people", "0002_merge_act"),
        ("programmes", "0001_initial"),
    ]

    operations = [migrations.RunPython(settle, migrations.RunPython.noop)]
