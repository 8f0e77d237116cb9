"""Keep and delete the drafts of intakes. A draft is no domain record: it is neither in the journal nor in the log."""

import datetime as dt
import uuid
from typing import Any

from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common import clock
from common.cpr import remove_cpr_numbers
from common.texts import clean_text
from people.models import IntakeDraft
from tasks.registry import task
from tasks.services import Job

KEEP_DRAFTS = dt.timedelta(days=30)  # without a change
NOT_KEPT = {"csrfmiddlewaretoken", "go"}


@transaction.atomic
def save_draft(draft: IntakeDraft, **values: Any) -> None:
    """Store values of a draft, which may be unsaved, on top of what another request has stored under its key."""
    start = {name: getattr(draft, name) for name in ("branch_id", "created_by", "known_person", "wanted_role")}
    IntakeDraft.objects.get_or_create(key=draft.key, defaults=start)
    stored = IntakeDraft.objects.select_for_update().get(key=draft.key)
    for name, value in values.items():
        setattr(stored, name, value)
    stored.changed_at = clock.now()
    stored.save()
    draft.__dict__.update(stored.__dict__)


@transaction.atomic
def save_draft_step(draft: IntakeDraft, step: str, post: QueryDict) -> None:
    """Store the posted values of a step, cleaned as the fields clean them, with dots instead of CPR numbers.

    ``draft`` keeps a refused CPR number until the end of the request, so that the page shows it with its error.
    """
    typed = {
        clean_text(name): [clean_text(item) for item in items] for name, items in post.lists() if name not in NOT_KEPT
    }
    stored = IntakeDraft.objects.select_for_update().filter(key=draft.key).first() or draft
    allowed = {name: [remove_cpr_numbers(item) for item in items] for name, items in typed.items()}
    save_draft(draft, typed=stored.typed | {step: allowed})
    draft.typed = draft.typed | {step: typed}


def delete_draft(key: uuid.UUID) -> None:
    IntakeDraft.objects.filter(key=key).delete()


def _deleted_words(result: dict) -> str:
    return gettext("Deleted: drafts %(drafts)s.") % result


@task("delete_old_drafts", title=_("Delete old drafts"), daily_at="03:20", result_words=_deleted_words)
def delete_old_drafts(job: Job) -> dict[str, int]:
    """Delete drafts that were not changed for ``KEEP_DRAFTS``."""
    old = IntakeDraft.objects.filter(changed_at__lt=clock.now() - KEEP_DRAFTS)
    return {"drafts": old.delete()[0]}
