"""Keep and delete drafts. A draft is no domain record: it is neither in the journal nor in the log."""

import datetime as dt
import uuid
from typing import Any

from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common import clock
from common.cpr import remove_cpr_numbers
from common.models import SubmittedForm
from common.texts import clean_text
from people.models import Draft
from tasks.registry import task
from tasks.services import Job

KEEP_DRAFTS = dt.timedelta(days=30)  # without a change
START = ("branch_id", "created_by", "interview_of", "known_person", "wanted_role")


class DraftFinished(Exception):
    """The form of the draft was finished in another tab."""


def lock_draft(draft: Draft) -> Draft:
    """Return the stored row of a draft, which may be unsaved, locked until the end of the transaction.

    Raises DraftFinished. Finishing deletes the row in the transaction that uses the key.
    """
    start = {name: getattr(draft, name) for name in START}
    stored, _is_new = Draft.objects.select_for_update().get_or_create(key=draft.key, defaults=start)
    if SubmittedForm.objects.filter(key=draft.key).exists():
        raise DraftFinished
    return stored


@transaction.atomic
def save_draft(draft: Draft, **values: Any) -> None:
    """Store values of a draft, which may be unsaved, on top of what is stored under its key. Raises DraftFinished."""
    stored = lock_draft(draft)
    for name, value in values.items():
        setattr(stored, name, value)
    stored.changed_at = clock.now()
    stored.save()
    draft.__dict__.update(stored.__dict__)


def without_cpr_numbers(data: QueryDict) -> QueryDict:
    """Return form data cleaned as the fields clean it, with dots instead of CPR numbers."""
    cleaned = QueryDict(mutable=True)
    for name, items in data.lists():
        cleaned.setlist(clean_text(name), [remove_cpr_numbers(clean_text(item)) for item in items])
    return cleaned


def delete_draft(key: uuid.UUID) -> None:
    Draft.objects.filter(key=key).delete()


def _deleted_words(result: dict) -> str:
    return gettext("Deleted: drafts %(drafts)s.") % result


@task("delete_old_drafts", title=_("Delete old drafts"), daily_at="03:20", result_words=_deleted_words)
def delete_old_drafts(job: Job) -> dict[str, int]:
    """Delete drafts that were not changed for ``KEEP_DRAFTS``."""
    old = Draft.objects.filter(changed_at__lt=clock.now() - KEEP_DRAFTS)
    return {"drafts": old.delete()[0]}
