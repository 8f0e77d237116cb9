"""E-mail leaves from the worker only. ``settings.EMAIL_BACKEND`` is ``QueueBackend``, so every e-mail becomes a task.

The task has the whole message; it is erased once the message is sent, because some links sign a user in. A message that
is sent again after a crash has the same Message-ID, so that mail programs recognise it.

A mail server may accept connections and never answer. A try is therefore limited to ``SILENCES`` times
``settings.EMAIL_TIMEOUT``, and after a failed one all e-mail waits, so that other tasks go on.
"""

import logging
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from email.utils import make_msgid, parseaddr
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tasks.models import Task
from tasks.registry import TaskBlocked, TaskRefused, task
from tasks.services import Job, enqueue_task

ADDRESSES = ("to", "cc", "bcc", "reply_to")
PERMANENT = 500  # SMTP codes from here on: trying again does not help
SILENCES = 3  # a server that answers little by little may take so many times ``settings.EMAIL_TIMEOUT``

logger = logging.getLogger(__name__)


class MailServerFailed(TaskBlocked):
    """The mail server cannot be used; trying again later may help. Its name is ``TaskError.MAIL_SERVER``."""


class MailRefusedForNow(Exception):
    """The mail server does not take this message yet. Its name is ``TaskError.MAIL_LATER``."""


class QueueBackend(BaseEmailBackend):
    """Puts messages into the queue, in the transaction of the caller.

    A message may have the attributes ``by`` (the user who causes it), ``branch`` (its administrators see the task) and
    ``key``: while a message with a key waits, further ones with it are dropped.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            options = {name: getattr(message, name) for name in ("by", "branch", "key") if hasattr(message, name)}
            enqueue_mail(message, **options)
        return len(email_messages)


def enqueue_mail(message: EmailMessage, *, by=None, branch=None, key: str = "") -> Task:
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
    return enqueue_task("send_mail", by=by, branch=branch, private=stored, key=key)


@task("send_mail", title=gettext_lazy("E-mail"), max_tries=8, is_atomic=False)
def send_stored_mail(job: Job, **stored) -> None:
    """Send a message through ``settings.MAIL_TRANSPORT``; outside a transaction, because a mail server takes its time.

    Raises TaskRefused when the server refuses the message or every recipient for good, or when the message is erased;
    MailRefusedForNow when it refuses them for now; MailServerFailed when the server cannot be used.
    """
    if not stored:
        raise TaskRefused(_("The text of the e-mail is erased. Send a new one."))
    subtype = stored.pop("subtype")
    message = EmailMultiAlternatives(**stored)
    message.content_subtype = subtype
    try:
        _start_sending(message).result(SILENCES * settings.EMAIL_TIMEOUT)
    except (SMTPRecipientsRefused, SMTPDataError) as error:
        if _is_refused_for_good(error):
            raise TaskRefused(
                _("The mail server refuses the e-mail, probably because of the recipient's address.")
            ) from error
        raise MailRefusedForNow from error
    except (SMTPException, OSError) as error:
        raise MailServerFailed from error


def send_without_queue(message: EmailMessage) -> None:
    """Send a message about an error of the database, which keeps the queue from storing it.

    Returns at once and tries once. A message is dropped while another one is being sent.
    """
    if _sending_directly.acquire(blocking=False):
        _start_sending(message).add_done_callback(_note_sent_directly)


_sending_directly = threading.Semaphore()


def _note_sent_directly(sending: Future) -> None:
    _sending_directly.release()
    if sending.exception():
        logger.warning("A mail about an error of the database was not sent (%s)", type(sending.exception()).__name__)


def _start_sending(message: EmailMessage) -> Future:
    """Send a message in a thread, which ends with the process."""
    sending: Future = Future()

    def run() -> None:
        try:
            sending.set_result(get_connection(settings.MAIL_TRANSPORT).send_messages([message]))
        except Exception as error:  # noqa: BLE001 - it belongs to the caller
            sending.set_exception(error)

    threading.Thread(target=run, name="mail", daemon=True).start()
    return sending


def _is_refused_for_good(error: SMTPRecipientsRefused | SMTPDataError) -> bool:
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= PERMANENT for code, _words in error.recipients.values())
    return error.smtp_code >= PERMANENT
