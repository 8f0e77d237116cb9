"""Form fields for Danish dates and times, phone numbers, e-mail addresses and choices by keys."""

from common.forms.base import CleanTextMixin, KeysField, ReasonMixin, add_errors, what_to_choose
from common.forms.contacts import EmailListField, PhoneListField, parse_emails
from common.forms.dates import Birth, BirthField, DanishDateField
from common.forms.day_reading import Tense, parse_danish_date
from common.forms.times import DanishTimeField, at_danish_time, parse_danish_time

__all__ = [
    "Birth",
    "BirthField",
    "CleanTextMixin",
    "DanishDateField",
    "DanishTimeField",
    "EmailListField",
    "KeysField",
    "PhoneListField",
    "ReasonMixin",
    "Tense",
    "add_errors",
    "at_danish_time",
    "parse_danish_date",
    "parse_danish_time",
    "parse_emails",
    "what_to_choose",
]
