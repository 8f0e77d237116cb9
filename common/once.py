"""Double submit makes one record.

A form that creates something carries a one-time key. The key is stored in the same transaction as the
record; a second submission with the key finds it and is led to where the first one went.
"""

import uuid
from collections.abc import Callable

from django import forms
from django.db import IntegrityError, transaction

from common.models import SubmittedForm


class OnceFormMixin(forms.Form):
    """Adds the hidden one-time key to a form that creates a record."""

    once = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["once"].initial = uuid.uuid4


def run_once(key: uuid.UUID | None, act: Callable[[], str]) -> str:
    """Run ``act`` (which writes, and returns the address to go to) unless ``key`` was used before.

    Returns the address. Whatever ``act`` raises is raised on, and then the key stays unused.
    """
    if key is None:
        return act()
    earlier = SubmittedForm.objects.filter(key=key).first()
    if earlier:
        return earlier.target_url
    try:
        with transaction.atomic():
            record = SubmittedForm.objects.create(key=key, target_url="")
            record.target_url = act()
            record.save(update_fields=["target_url"])
    except IntegrityError:
        earlier = SubmittedForm.objects.filter(key=key).first()
        if earlier is None:
            raise
        return earlier.target_url
    return record.target_url


def submitted_before(form: forms.Form) -> str:
    """Where an earlier submission of this very form led, or an empty text.

    Asked of an invalid form: the second submission may be wrong only because the first has taken its unique name.
    """
    key = getattr(form, "cleaned_data", {}).get("once")
    earlier = SubmittedForm.objects.filter(key=key).first() if key else None
    return earlier.target_url if earlier else ""
