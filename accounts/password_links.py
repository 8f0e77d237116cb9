"""The mailed link with which a user chooses a password.

A request for a link does the same work with and without an account, so that neither the answer nor its time reveals
one: the worker looks for the user.
"""

from urllib.parse import urljoin

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from tasks.registry import task
from tasks.services import Job, enqueue_task

FORGOTTEN = "mail_password_link"


def request_password_link(email: str, *, site: str) -> None:
    """Put a request for a link into the queue. ``site`` is the absolute address of the first page."""
    enqueue_task(FORGOTTEN, arguments={"site": site}, private={"email": email})


@task(FORGOTTEN, title=_("Mail with the link to a new password"), is_internal=True)
def mail_password_link(job: Job, *, site: str, email: str = "") -> None:
    """Send the link if the e-mail belongs to a user who may sign in; the administrators of a branch see that mail.

    The e-mail is missing when it has been erased.
    """
    user = User.objects.filter(email=User.objects.normalise(email), is_active=True).first()
    if user is None:
        return
    context = {"password_reset_url": urljoin(site, password_path(user))}
    with translation.override(user.language):
        subject = " ".join(render_to_string("account/email/password_reset_key_subject.txt", context).split())
        body = render_to_string("account/email/password_reset_key_message.txt", context)
    message = EmailMessage(subject, body, None, [user.email])
    message.branch = next((membership.branch for membership in user.active_memberships), None)
    message.send()


def password_path(user: User) -> str:
    """Return the path of the page on which a user chooses a password. It works once and for three days."""
    key = default_token_generator.make_token(user)
    return reverse("account_reset_password_from_key", args=[user_pk_to_url_str(user), key])
