"""Fields that every form shares: dates as Danes write them, phones and e-mails as people tell them."""

from common.forms.base import CleanTextMixin
from common.forms.contacts import EmailListField, PhoneListField, parse_emails, parse_phones
from common.forms.dates import Birth, BirthField, DanishDateField, parse_danish_date

__all__ = [
    "Birth",
    "BirthField",
    "CleanTextMixin",
    "DanishDateField",
    "EmailListField",
    "PhoneListField",
    "parse_danish_date",
    "parse_emails",
    "parse_phones",
]
