"""Store the pauses and ends of matches, which were fields and steps only, as records."""

from django.db import migrations

BATCH = 1_000


def store_records(apps, schema_editor):
    match = apps.get_model("matching", "Match")
    ending, pause = apps.get_model("matching", "MatchEnding"), apps.get_model("matching", "MatchPause")
    endings = [
        ending(
            match_id=row.pk, on=row.ended_on, reason=row.end_reason, note=row.end_note,
            mentee_talk_on=row.closing_talk_on, mentor_talk_on=row.closing_talk_on,
        )
        for row in match.objects.exclude(ended_on=None).order_by("pk")
    ]
    ending.objects.bulk_create(endings, batch_size=BATCH)
    pauses = [pause(**values) for values in pauses_of(apps.get_model("matching", "MatchStep"), match)]
    pause.objects.bulk_create(pauses, batch_size=BATCH)
    for row in pauses:
        if row.ended_on is None:
            match.objects.filter(pk=row.match_id).update(paused_on=row.began_on)


def pauses_of(step, match):
    """Yield the values of the pauses that the steps of matches say; each is over with the next step."""
    paused = step.objects.filter(status="paused").values("match")
    statuses = dict(match.objects.filter(pk__in=paused).values_list("pk", "status"))
    open_pause = {}
    for row in step.objects.filter(match__in=paused).order_by("match_id", "pk"):
        if row.match_id in open_pause and row.status != "paused":
            began = open_pause.pop(row.match_id)
            yield began | {"ended_on": max(row.on, began["began_on"]), "end_reason": row.note}
        elif row.status == "paused":
            open_pause.setdefault(row.match_id, {"match_id": row.match_id, "began_on": row.on, "reason": row.note})
    for match_id, began in open_pause.items():
        is_open = statuses[match_id] == "paused"
        yield began if is_open else began | {"ended_on": began["began_on"]}


class Migration(migrations.Migration):
    dependencies = [("matching", "0006_pauses_and_endings")]

    operations = [migrations.RunPython(store_records, migrations.RunPython.noop)]
