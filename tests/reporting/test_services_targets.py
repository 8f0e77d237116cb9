"""Services that save and remove targets."""

import datetime as dt
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import AccessRecord
from common.models import Act, Change
from demo.factories import TargetFactory
from reporting.models import Target, TargetPhase
from reporting.services import PlannedPhase, remove_target, save_target
from tests.journal_entries import recorded

PHASE = PlannedPhase(dt.date(2011, 1, 1), dt.date(2011, 6, 30), 10)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"indicator": "lykke"}, "indicator"),
        ({"filters": {"gender": "x"}}, "filters"),
        ({"period_end": dt.date(2013, 1, 1)}, "period_start"),
        ({"rhythm_pause_months": [13]}, "rhythm_pause_months"),
        ({"phases": [PHASE, PHASE]}, "phases"),
        ({"phases": [PlannedPhase(dt.date(2010, 1, 1), dt.date(2010, 6, 30), 10)]}, "phases"),
    ],
)
def test_save_target_refuses_a_wrong_value_at_its_field(programme, administrator, fields, field):
    target = TargetFactory(programme=programme)
    with pytest.raises(ValidationError) as refusal:
        save_target(programme, by=administrator, target=target, **fields)
    assert list(refusal.value.message_dict) == [field]


def test_only_users_who_manage_rules_change_targets(programme, coordinator, manager, other_branch_administrator):
    target = TargetFactory(programme=programme)
    for user in (coordinator, manager, other_branch_administrator):
        with pytest.raises(PermissionDenied):
            save_target(programme, by=user, target=target, value=1)
        with pytest.raises(PermissionDenied):
            remove_target(target, by=user)
    target.refresh_from_db()
    assert target.value == 25


def test_changed_and_removed_targets_are_logged(programme, administrator):
    target = TargetFactory(programme=programme, key="m")
    save_target(programme, by=administrator, target=target, value=26, phases=[PHASE])
    assert (Target.objects.get().value, TargetPhase.objects.get().value) == (26, 10)
    remove_target(target, by=administrator)
    assert not Target.objects.exists()
    logged = AccessRecord.objects.filter(user=administrator, kind="write").order_by("pk")
    assert [record.detail for record in logged] == ["Mål m ændret", "Mål m fjernet"]


def test_the_journal_has_a_target_with_its_phases_from_creation_to_removal(programme, administrator):
    target = TargetFactory.build(programme=programme, key="m")
    fields = {name: getattr(target, name) for name in ("key", "indicator", "label", "wording", "value")}
    fields |= {"period_start": programme.starts_on, "period_end": programme.ends_on}
    later = PlannedPhase(dt.date(2011, 7, 1), dt.date(2011, 12, 31), 15)
    target = save_target(programme, by=administrator, phases=[PHASE, later], **fields)
    assert [(kind, model) for kind, model, *_values in recorded("save_target")] == [
        ("made", "reporting.target"),
        ("made", "reporting.targetphase"),
    ]
    assert Change.objects.get(model="reporting.targetphase").last_id == max(target.phases.values_list("pk", flat=True))

    save_target(programme, by=administrator, target=target, phases=[replace(PHASE, value=12)])
    assert recorded("save_target")[2:] == [
        ("removed", "reporting.targetphase", "", None, None),
        ("changed", "reporting.targetphase", "value", 10, 12),
    ]
    remove_target(target, by=administrator)
    assert [(kind, model) for kind, model, *_values in recorded("remove_target")] == [
        ("removed", "reporting.targetphase"),
        ("removed", "reporting.target"),
    ]
    assert set(Act.objects.values_list("by", flat=True)) == {administrator.pk}


def test_a_refused_target_leaves_no_entry_in_the_journal(programme, administrator):
    target = TargetFactory(programme=programme)
    with pytest.raises(ValidationError):
        save_target(programme, by=administrator, target=target, value=30, phases=[PHASE, PHASE])
    assert (Act.objects.count(), Target.objects.get().value) == (0, 25)
