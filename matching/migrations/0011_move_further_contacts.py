"""Move further talks about a done follow-up, which were follow-ups without a step, to the contacts outside the plan.

They are those that ``record_follow_up`` created: it created nothing else. Imported follow-ups without a step stay, and
so do those that were changed since, whose history belongs to the follow-up.
"""

from django.db import migrations

BATCH = 500


def move_further_contacts(apps, schema_editor):
    change = apps.get_model("common", "Change").objects.filter(model="matching.followup")
    made = change.filter(kind="made", act__name="record_follow_up").order_by("record_id")
    made = {one.record_id: one.act for one in made.select_related("act")}
    changed = set(change.filter(record_id__in=made).exclude(kind="made").values_list("record_id", flat=True))
    keys = sorted(made.keys() - changed)
    for start in range(0, len(keys), BATCH):
        _move(apps, made, keys[start : start + BATCH])


def _move(apps, made, keys):
    follow_up, contact = apps.get_model("matching", "FollowUp"), apps.get_model("matching", "Contact")
    enrolment = apps.get_model("people", "Enrolment")
    rows = follow_up.objects.filter(pk__in=keys, step=None, done_on__isnull=False).select_related("match")
    for row in rows.order_by("pk"):
        role = "mentor" if row.side == "mentor" else "mentee"
        place = {"person_id": getattr(row.match, f"{role}_id"), "programme_id": row.match.programme_id, "role": role}
        found = enrolment.objects.filter(**place).first()
        if found is None or not row.channel:
            continue
        new = contact.objects.create(
            enrolment=found, match=row.match, on=row.done_on, channel=row.channel, result="talked", mood=row.mood,
            support=row.support, note=row.note, recorded_by_id=row.done_by_id,
        )
        contact.objects.filter(pk=new.pk).update(recorded_at=made[row.pk].at)
        row.delete()


class Migration(migrations.Migration):
    dependencies = [("matching", "0010_contacts"), ("common", "0005_marked_fields")]

    operations = [migrations.RunPython(move_further_contacts, migrations.RunPython.noop)]
