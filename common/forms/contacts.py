"""Phone numbers and e-mail addresses as they are typed: several in a field, with words between them."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from common.cpr import find_cpr_numbers
from common.phones import read_typed_phones

_EMAIL_BREAK = re.compile(r"[;,/\s]+")
_EMAIL = re.compile(r"[^@\s<>\"(),:;\[\]\\]+@[^@\s.]+(\.[^@\s.]+)+")


def parse_emails(text: str) -> tuple[list[str], list[str]]:
    """Return the distinct e-mail addresses in a text, in lower case, and the parts that are no address."""
    addresses, unreadable = [], []
    for part in _EMAIL_BREAK.split(text.strip()):
        address = re.sub(r"^mailto:", "", part, flags=re.IGNORECASE).lower()
        if not address:
            continue
        if not _EMAIL.fullmatch(address):
            unreadable.append(part)
        elif address not in addresses:
            addresses.append(address)
    return addresses, unreadable


class _ListField(forms.CharField):
    """A text field whose value is a list."""

    def prepare_value(self, value):
        return ", ".join(self.show(item) for item in value) if isinstance(value, list) else value

    def show(self, item: str) -> str:
        return item

    def has_changed(self, initial, data) -> bool:
        return (self.prepare_value(initial) or "") != (data or "")


class PhoneListField(_ListField):
    """A list of phone numbers, the main one first; Danish ones as +45 and eight digits."""

    def __init__(self, **kwargs):
        kwargs.setdefault("help_text", _("Several are separated by a comma, the main one first."))
        super().__init__(**kwargs)

    def widget_attrs(self, widget) -> dict:
        return {"inputmode": "tel", "autocomplete": "off", "maxlength": "200"}

    def show(self, item: str) -> str:
        local = item.removeprefix("+45")
        return " ".join(local[i : i + 2] for i in range(0, 8, 2)) if len(local) == 8 and local != item else item

    def clean(self, value) -> list[str]:
        text = super().clean(value)
        if find_cpr_numbers(text):
            raise ValidationError(_("This looks like a CPR number. Remove it: we never store CPR numbers."), code="cpr")
        numbers, unreadable = read_typed_phones(text)
        if unreadable:
            raise ValidationError(
                _("»%(text)s« is not a phone number. Write 8 digits, or + and the country code."),
                code="phone",
                params={"text": unreadable[0]},
            )
        return numbers


class EmailListField(_ListField):
    """A list of e-mail addresses in lower case, the main one first."""

    def __init__(self, **kwargs):
        kwargs.setdefault("help_text", _("Several are separated by a comma, the main one first."))
        super().__init__(**kwargs)

    def widget_attrs(self, widget) -> dict:
        return {"inputmode": "email", "autocomplete": "off", "maxlength": "400"}

    def clean(self, value) -> list[str]:
        addresses, unreadable = parse_emails(super().clean(value))
        if unreadable:
            raise ValidationError(
                _("»%(text)s« is not an e-mail address. Write it as name@example.dk."),
                code="email",
                params={"text": unreadable[0]},
            )
        return addresses
