"""Store the waits, pauses and ends of enrolments, which were fields only, as periods."""

from django.db import migrations
from django.db.models import F

BATCH = 1_000


def store_periods(apps, schema_editor):
    enrolments = apps.get_model("people", "Enrolment").objects
    period = apps.get_model("people", "EnrolmentPeriod")
    matched = match_days(apps.get_model("matching", "Match"))
    found = []
    for row in enrolments.order_by("pk").values(
        "pk", "person_id", "programme_id", "role", "status", "waiting_since",
        "paused_on", "paused_reason", "ended_on", "ended_reason",
    ).iterator(BATCH):
        days = matched.get((row["role"], row["person_id"], row["programme_id"]), [])
        found += [period(enrolment_id=row["pk"], **values) for values in periods_of(row, days)]
    period.objects.bulk_create(found, batch_size=BATCH)
    enrolments.filter(status="waiting").update(wait_counted_from=F("waiting_since"))


def match_days(match):
    """Return role, person and programme → the days on which their matches were made."""
    found = {}
    for side in ("mentor", "mentee"):
        for person, programme, *days in match.objects.values_list(
            f"{side}_id", "programme_id", "proposed_on", "introduced_on", "started_on"
        ):
            if day := next(filter(None, days), None):
                found.setdefault((side, person, programme), []).append(day)
    return found


def periods_of(row, matched):
    """Yield the values of the periods of an enrolment: the wait that is over, and what is open now."""
    status, since = row["status"], row["waiting_since"]
    if status == "waiting":
        yield {"status": status, "began_on": since, "starts_over": True}
        return
    closed_on = {"paused": row["paused_on"], "ended": row["ended_on"], "declined": row["ended_on"]}.get(status)
    if since:
        ends = [day for day in [*matched, closed_on] if day and day >= since]
        if ends:
            yield {"status": "waiting", "began_on": since, "ended_on": min(ends), "starts_over": True}
    if status == "paused":
        yield {"status": status, "began_on": closed_on, "reason": row["paused_reason"]}
    elif status in ("ended", "declined"):
        yield {"status": status, "began_on": closed_on, "reason": row["ended_reason"]}


class Migration(migrations.Migration):
    dependencies = [
        ("matching", "0004_handovers"),
        ("people", "0011_enrolment_periods"),
    ]

    operations = [migrations.RunPython(store_periods, migrations.RunPython.noop)]
