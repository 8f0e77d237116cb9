"""Plan the question about outcomes of matches that ended less than three months ago, which the pages had promised."""

from django.db import migrations

from common import clock
from matching.rules.months import add_months

BATCH = 1_000
MONTHS = 3  # the rule of every programme until now


def plan_questions(apps, schema_editor):
    match, row = apps.get_model("matching", "Match"), apps.get_model("matching", "FollowUp")
    today = clock.today()
    ended = match.objects.filter(status="ended", ended_on__gt=add_months(today, -MONTHS))
    ended = ended.filter(mentor__state="", mentee__state="").order_by("pk")
    name = "Resultater tre måneder efter afslutningen"
    rows = [
        row(match_id=one.pk, kind="outcomes", side="both", name=name, due_on=add_months(one.ended_on, MONTHS))
        for one in ended
    ]
    row.objects.bulk_create(rows, batch_size=BATCH)


class Migration(migrations.Migration):
    dependencies = [("matching", "0012_outcome_questions"), ("people", "0012_branch_transfers")]

    operations = [migrations.RunPython(plan_questions, migrations.RunPython.noop)]
