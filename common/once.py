"""One-time keys of forms, so that a form submitted twice creates one record.

The key is stored in the same transaction as the record. A second submission with the same key is redirected to where
the first one led.
"""

import uuid
from collections.abc import Callable

from django import forms
from django.db import IntegrityError, transaction

from common.models import SubmittedForm


class OnceFormMixin(forms.Form):
    """Adds a hidden one-time key to a form that creates a record."""

    once = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["once"].initial = uuid.uuid4


def run_once(key: uuid.UUID | None, act: Callable[[], str]) -> str:
    """Call ``act``, which writes and returns an address, unless the key was used before. Return the address.

    An exception of ``act`` is passed on and leaves the key unused.
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


def uuid_of(text: str) -> uuid.UUID | None:
    """Return the one-time key that a text is, or None."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def submitted_before(form: forms.Form) -> str:
    """Return the address of an earlier submission of the same form, or an empty text.

    For an invalid form: a second submission may be invalid only because the first one took its unique name.
    """
    key = getattr(form, "cleaned_data", {}).get("once")
    earlier = SubmittedForm.objects.filter(key=key).first() if key else None
    return earlier.target_url if earlier else ""
