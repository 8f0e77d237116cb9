"""What is logged and mailed about an error: its type, where it happened, the request and the user, by their ids.

The message of an exception may quote what a user typed (``Key (email)=(…) already exists``), as do a query, a form and
local variables. None of them leaves the process.
"""

import copy
import hashlib
import logging
import traceback
from collections.abc import Iterator

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import Error, InterfaceError, OperationalError

logger = logging.getLogger(__name__)


class PlainFormatter(logging.Formatter):
    """Formats the records of all loggers. An exception is shown as ``describe`` does."""

    def format(self, record: logging.LogRecord) -> str:
        record = copy.copy(record)
        record.exc_text = None  # another formatter may have stored its own text
        error = record.exc_info[1] if record.exc_info else None
        if error and str(error) and str(error) in record.getMessage():
            record.msg, record.args = name_of(error), ()
        if facts := facts_of(record):
            record.msg, record.args = f"{record.getMessage()} ({facts})", ()
        return super().format(record)

    def formatException(self, exc_info) -> str:  # noqa: N802 - the name of logging.Formatter
        return describe(exc_info[1])


class ErrorMailHandler(logging.Handler):
    """Sends a record to ``settings.ADMINS`` through the queue, or beside it when the database is out of order.

    While the mail about an error waits, the same error at the same place sends no other one.
    """

    def emit(self, record: logging.LogRecord) -> None:
        if not settings.ADMINS:
            return
        try:
            _send(self._message_of(record), record.exc_info[1] if record.exc_info else None)
        except Exception:  # of any kind: the error has been logged
            logger.warning("The mail about an error was not sent", exc_info=True)

    def _message_of(self, record: logging.LogRecord) -> EmailMessage:
        error = record.exc_info[1] if record.exc_info else None
        request = getattr(record, "request", None)
        place = f"{request.method} {request.path}" if hasattr(request, "path") else record.name
        title = f"{name_of(error) if error else record.levelname}: {place}"
        subject = f"{settings.EMAIL_SUBJECT_PREFIX}{' '.join(title.split())}"
        details = describe(error) if error else ""
        lines, recipients = [title, facts_of(record), "", details], [to for _name, to in settings.ADMINS]
        message = EmailMessage(subject, "\n".join(lines), settings.SERVER_EMAIL, recipients)
        message.key = f"error-{hashlib.sha256((details or title).encode()).hexdigest()}"
        return message


def _send(message: EmailMessage, error: BaseException | None) -> None:
    from tasks.mail import send_without_queue  # noqa: PLC0415 - logging is set up before the models

    if isinstance(error, InterfaceError | OperationalError):  # the queue would keep the request waiting
        return send_without_queue(message)
    try:
        message.send()
    except Error:
        send_without_queue(message)


def facts_of(record: logging.LogRecord) -> str:
    """Return the ids of the request and of its user, if the record has a request. Runs no query."""
    request = getattr(record, "request", None)
    user = getattr(request, "_cached_user", None)
    facts = {"request": getattr(request, "request_id", None), "user": getattr(user, "pk", None)}
    return ", ".join(f"{name} {value}" for name, value in facts.items() if value)


def describe(error: BaseException) -> str:
    """Return the types of an exception and its causes, and the places that they passed, without their messages."""
    return "\ncaused by\n".join("\n".join([name_of(one), *_places(one)]) for one in _chain(error))


def name_of(error: BaseException) -> str:
    """Return the type of an exception, with the code and the constraint of an error of the database."""
    diagnosis = getattr(error, "diag", None)
    details = [getattr(diagnosis, "sqlstate", None), getattr(error, "sqlite_errorname", None)]
    words = [str(detail) for detail in [*details, getattr(diagnosis, "constraint_name", None)] if detail]
    name = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    return f"{name} [{', '.join(words)}]" if words else name


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        yield error
        seen.add(id(error))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _places(error: BaseException) -> list[str]:
    frames = traceback.StackSummary.extract(traceback.walk_tb(error.__traceback__), lookup_lines=False)
    return [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
