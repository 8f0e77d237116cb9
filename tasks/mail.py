"""E-mail leaves from the worker only. ``settings.EMAIL_BACKEND`` is ``QueueBackend``, so every e-mail becomes a task.

The task has the whole message; it is erased once the message is sent, because some links sign a user in. A message that
is sent again after a crash has the same Message-ID, so that mail programs recognise it.
"""

from collections.abc import Sequence
from email.utils import make_msgid, parseaddr
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tasks.models import Task
from tasks.registry import TaskRefused, task
from tasks.services import Job, enqueue_task

ADDRESSES = ("to", "cc", "bcc", "reply_to")
PERMANENT = 500  # SMTP codes from here on: trying again does not help


class MailServerFailed(Exception):
    """The mail server did not take a message; trying again later may help. Its name is ``TaskError.MAIL_SERVER``."""


class QueueBackend(BaseEmailBackend):
    """Puts messages into the queue, in the transaction of the caller.

    A message may have the attributes ``by`` (the user who causes it) and ``branch`` (its administrators see the task).
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            enqueue_mail(message, by=getattr(message, "by", None), branch=getattr(message, "branch", None))
        return len(email_messages)


def enqueue_mail(message: EmailMessage, *, by=None, branch=None) -> Task:
    """Put a message into the queue. Raises ValueError for attachments, which the product's messages do not have."""
    if message.attachments:
        raise ValueError("The queue stores no attachments.")
    domain = parseaddr(message.from_email)[1].rpartition("@")[2]
    stored = {
        "subject": str(message.subject),
        "body": str(message.body),
        "subtype": message.content_subtype,
        "from_email": message.from_email,
        "headers": {"Message-ID": make_msgid(domain=domain or "localhost")} | message.extra_headers,
        "alternatives": [[str(content), kind] for content, kind in getattr(message, "alternatives", [])],
    }
    stored |= {field: list(getattr(message, field)) for field in ADDRESSES}
    return enqueue_task("send_mail", by=by, branch=branch, private=stored)


@task("send_mail", title=gettext_lazy("E-mail"), max_tries=8, is_atomic=False)
def send_stored_mail(job: Job, **stored) -> None:
    """Send a message through ``settings.MAIL_TRANSPORT``; outside a transaction, because a mail server takes its time.

    Raises TaskRefused when the server refuses the message or every recipient for good, or when the message is erased;
    otherwise MailServerFailed when the message is not sent.
    """
    if not stored:
        raise TaskRefused(_("The text of the e-mail is erased. Send a new one."))
    subtype = stored.pop("subtype")
    message = EmailMultiAlternatives(**stored)
    message.content_subtype = subtype
    try:
        get_connection(settings.MAIL_TRANSPORT).send_messages([message])
    except (SMTPException, OSError) as error:
        if _is_refused_for_good(error):
            raise TaskRefused(
                _("The mail server refuses the e-mail, probably because of the recipient's address.")
            ) from error
        raise MailServerFailed from error


def _is_refused_for_good(error: Exception) -> bool:
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= PERMANENT for code, _words in error.recipients.values())
    return isinstance(error, SMTPDataError) and error.smtp_code >= PERMANENT
