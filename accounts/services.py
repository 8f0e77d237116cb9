"""Services of the accounts app: everything that it writes."""

from collections.abc import Callable, Mapping
from typing import Any

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import models, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.enums import AccessKind, Role
from accounts.log_words import LOG_SENTENCES
from accounts.models import AccessRecord, Branch, ExportChoice, Membership, User
from accounts.password_links import password_path
from accounts.roles import Verb
from common import clock
from common.journal import act, delete, save, update

LONGEST_TEXT = 500  # characters of a text in the access log
LONGEST_LIST = 40  # items of a list in the access log


@transaction.atomic
def record_access(
    *,
    by: User | None,
    kind: AccessKind | str,
    subject: models.Model | str,
    branch: Branch | int | None = None,
    code: str = "",
    values: Mapping[str, Any] | None = None,
    count: int = 1,
) -> AccessRecord:
    """Store in the access log that ``by`` read, searched, exported or changed personal data.

    ``subject`` is the record or, for a list, the label of its model (``"people.person"``). ``count`` is the number of
    records. ``code`` names a sentence of ``accounts.log_words``, and ``values`` has its values: codes of choices, names
    of fields, numbers, ISO dates, texts. Texts are cut after 500 characters, lists after 40 items. Raises ValueError
    for an unknown code.
    """
    if code and code not in LOG_SENTENCES:
        raise ValueError(f"The access log has no sentence for {code}.")
    is_record = isinstance(subject, models.Model)
    record = AccessRecord(
        user=by,
        branch_id=branch if isinstance(branch, int) else getattr(branch, "pk", None),
        kind=kind,
        subject=subject._meta.label_lower if is_record else subject,
        subject_id=subject.pk if is_record else None,
        case_number=getattr(subject, "case_number", "") if is_record else "",
        code=code,
        values=_cut(values or {}),
        count=count,
    )
    record.full_clean(exclude=["user", "branch", "subject_id"], validate_unique=False, validate_constraints=False)
    record.save()
    return record


def _cut(value: Any) -> Any:
    if isinstance(value, str):
        return value[:LONGEST_TEXT]
    if isinstance(value, Mapping):
        return {name: _cut(inner) for name, inner in value.items()}
    return value[:LONGEST_LIST] if isinstance(value, list) else value


def lock_branch(branch_id: int) -> Branch:
    """Lock a branch for an import, its undoing or the reading of a branch file, until the transaction ends.

    The lock is ``FOR NO KEY UPDATE``: other transactions can still store rows that refer to the branch. A full lock
    would block every user during a long import, and deadlock with one who has locked a person of the branch.
    """
    return Branch.objects.select_for_update(no_key=True).get(pk=branch_id)


# --- one's own account ---------------------------------------------------------------------------


@act(by="user")
def update_profile(user: User, **details) -> User:
    """Change a user's own name, phone, language or theme. Raises ValueError for any other field."""
    unknown = set(details) - {"name", "phone", "language", "theme"}
    if unknown:
        raise ValueError(f"Not part of a profile: {sorted(unknown)}")
    for field, value in details.items():
        setattr(user, field, value)
    user.full_clean(exclude=["password"])
    _store_fields(user, *details)
    return user


@transaction.atomic
def remember_export_choice(*, by: User, list_key: str, columns: list[str], kind: str) -> None:
    """Store the column keys and the file format that a user chose for a list."""
    choice = ExportChoice(user=by, list_key=list_key, columns=columns, kind=kind)
    choice.full_clean(validate_unique=False, validate_constraints=False)
    ExportChoice.objects.bulk_create(
        [choice],
        update_conflicts=True,
        unique_fields=["user", "list_key"],
        update_fields=["columns", "kind"],
    )


@transaction.atomic
def accept_code(user: User, code: str) -> Authenticator | None:
    """Return the app or the recovery codes to which a code belongs, and never accept the code again.

    The app's codes of the neighbouring half minutes are accepted, too, unless a later one was accepted before.
    """
    rows = Authenticator.objects.select_for_update().filter(user=user)
    for authenticator in rows.order_by("pk"):  # two requests lock them in the same order
        is_app = authenticator.type == Authenticator.Type.TOTP
        if _use_app_code(authenticator, code) if is_app else authenticator.wrap().validate_code(code):
            authenticator.user = user
            return authenticator
    return None


def _use_app_code(app: Authenticator, code: str) -> bool:
    secret, last = decrypt(app.data["secret"]), app.data.get("last_half_minute", -1)
    for half_minute in totp.yield_hotp_counters_from_time():
        expected = totp.format_hotp_value(totp.hotp_value(secret, half_minute))
        if half_minute > last and compare_user_code(actual=code, expected=expected):
            app.data["last_half_minute"] = half_minute
            app.save(update_fields=["data"])
            return True
    return False


# --- branches and their users --------------------------------------------------------------------


@act
def create_branch(*, name: str, slug: str, code: str) -> Branch:
    """Create a branch, from the command line. Raises ValidationError for a name, slug or code in use or malformed."""
    branch = Branch(name=name.strip(), slug=slug, code=code)
    save(branch)
    return branch


@act
def create_administrator(*, email: str, name: str, password: str, branch: Branch) -> User:
    """Create the first administrator of a branch, from the command line; the others are invited in the browser.

    Raises ValidationError for an e-mail in use, or a password that is too weak.
    """
    user = User(email=User.objects.normalise(email), name=name.strip())
    validate_password(password, user)
    user.set_password(password)
    save(user)
    save(Membership(user=user, branch=branch, role=Role.ADMINISTRATOR, accepted_at=clock.now()))
    return user


@act
def invite_user(
    *, name: str, email: str, branch: Branch, role: str, by: User, build_url: Callable[[str], str]
) -> Membership:
    """Offer a user a role in a branch, and send an invitation by e-mail; create the user if the e-mail is new.

    ``build_url`` makes an absolute address of a path. An existing user keeps name and password, and the branch sees
    ``name`` until the user accepts. Raises ValidationError when ``by`` does not manage the users of the branch, and
    when the user already has a role in it, or an invitation.
    """
    _refuse_unmanaged_branch(by, branch)
    email = User.objects.normalise(email)
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User(email=email, name=name)
        user.set_unusable_password()
        save(user, exclude=["password"])
    membership = Membership(user=user, branch=branch, role=role, invited_by=by, invited_as=name.strip())
    save(membership)
    _log_change(membership, by, "role_given", role=role)
    send_invitation(membership, by=by, build_url=build_url)
    return membership


def send_invitation(membership: Membership, *, by: User, build_url: Callable[[str], str]) -> None:
    """Put the invitation to a branch into the queue, unless it waits there; it links to setting a first password."""
    user, branch, path = membership.user, membership.branch, reverse("account_login")
    if not user.has_usable_password():
        path = password_path(user)
    context = {"user": user, "branch": branch, "by": by, "url": build_url(path)}
    with translation.override(user.language):
        context["role"] = membership.get_role_display().lower()
        subject = " ".join(render_to_string("accounts/email/invitation_subject.txt", context).split())
        body = render_to_string("accounts/email/invitation_message.txt", context)
    message = EmailMessage(subject, body, None, [user.email])
    message.by, message.branch, message.key = by, branch, membership.invitation_key
    message.send()


@act
def resend_invitation(membership: Membership, *, by: User, build_url: Callable[[str], str]) -> None:
    """Send the invitation again. Raises ValidationError when the user has accepted it and set a password."""
    _refuse_unmanaged_branch(by, membership.branch)
    if not membership.is_invited:
        raise ValidationError(_("%(name)s has set a password already.") % {"name": membership.user.name})
    _log_change(membership, by, "invitation_sent_again")
    send_invitation(membership, by=by, build_url=build_url)


@act
def accept_invitation(membership: Membership, *, by: User) -> Membership:
    """Accept the own membership, which gives rights from now on. Raises ValidationError when it is offered no more."""
    membership = _lock_offer(membership, by)
    membership.accepted_at = clock.now()
    save(membership)
    _log_change(membership, by, "invitation_accepted", role=membership.role)
    return membership


@act
def decline_invitation(membership: Membership, *, by: User) -> None:
    """Delete the own membership. The log does not name the user. Raises ValidationError when it is offered no more."""
    membership = _lock_offer(membership, by)
    _log_change(membership, None, "invitation_declined")
    delete(membership)


@act(by="user")
def accept_first_invitation(user: User) -> None:
    """Accept the invitation of a new user, who chose a password by its link.

    Does nothing for one who has signed in before, or who has several invitations: they answer each on the page.
    """
    memberships = user.all_memberships
    if user.last_login is None and [membership.is_offered for membership in memberships] == [True]:
        accept_invitation(memberships[0], by=user)


def _lock_offer(membership: Membership, by: User) -> Membership:
    offered = Membership.objects.select_for_update().filter(pk=membership.pk, user=by, accepted_at=None).first()
    if offered is None:
        raise ValidationError(_("The invitation has been answered or withdrawn in the meantime."), code="answered")
    return offered


@act
def change_role(membership: Membership, *, role: str, by: User) -> Membership:
    """Change the role of a user in a branch. Raises ValidationError for the last administrator."""
    _refuse_unmanaged_branch(by, membership.branch)
    if role != Role.ADMINISTRATOR:
        _refuse_last_administrator(membership)
    membership.role = role
    save(membership)
    _log_change(membership, by, "role_given", role=role)
    return membership


@act
def end_membership(membership: Membership, *, by: User) -> None:
    """Remove a user from a branch; their records stay. Raises ValidationError for the last administrator."""
    _refuse_unmanaged_branch(by, membership.branch)
    _refuse_last_administrator(membership)
    _log_change(membership, by, "user_removed")
    delete(membership)


@act
def disable_user(membership: Membership, *, by: User) -> User:
    """Stop a user from signing in; an open session ends at its next request.

    Raises ValidationError when ``by`` may not change the whole user, and for the last administrator of a branch.
    """
    _refuse_unmanaged_user(by, membership)
    for own in membership.user.memberships.accepted().select_related("branch"):
        _refuse_last_administrator(own)
    return _set_active(membership, is_active=False, by=by, code="sign_in_stopped")


@act
def enable_user(membership: Membership, *, by: User) -> User:
    """Let a user sign in again. Raises ValidationError when ``by`` may not change the whole user."""
    _refuse_unmanaged_user(by, membership)
    return _set_active(membership, is_active=True, by=by, code="sign_in_allowed")


@act
def reset_second_factor(membership: Membership, *, by: User) -> None:
    """Delete a user's authenticator and recovery codes (a lost phone); the next sign-in sets up new ones."""
    _refuse_unmanaged_user(by, membership)
    Authenticator.objects.filter(user=membership.user).delete()  # no journal holds secrets
    _log_change(membership, by, "second_factor_reset")


def _set_active(membership: Membership, *, is_active: bool, by: User, code: str) -> User:
    user = membership.user
    user.is_active = is_active
    _store_fields(user, "is_active")
    _log_change(membership, by, code)
    return user


def _store_fields(user: User, *names: str) -> None:
    """Store these fields only: the user may set another password at the same moment."""
    update(User.objects.filter(pk=user.pk), **{name: getattr(user, name) for name in names})


def _log_change(membership: Membership, by: User | None, code: str, **values: Any) -> None:
    user, branch = membership.user, membership.branch
    values = {"user": membership.shown_name, "branch": branch.name, **values}
    record_access(by=by, kind=AccessKind.WRITE, subject=user, branch=branch, code=code, values=values)


def _refuse_unmanaged_branch(by: User, branch: Branch) -> None:
    if not by.may(Verb.MANAGE_USERS, branch):
        raise ValidationError(_("You do not manage the users of %(branch)s.") % {"branch": branch}, code="branch")


def _refuse_unmanaged_user(by: User, membership: Membership) -> None:
    """Raise ValidationError unless ``by`` manages users in every branch of another user, who has accepted."""
    user = membership.user
    branches = set(user.memberships.accepted().values_list("branch_id", flat=True))
    if membership.is_offered:
        raise ValidationError(_("%(name)s has not accepted the invitation yet.") % {"name": membership.shown_name})
    if user.pk == by.pk:
        raise ValidationError(_("This is your own account. Ask another administrator."), code="oneself")
    if user.is_superuser or user.is_staff or not branches <= set(by.branch_ids_for(Verb.MANAGE_USERS)):
        raise ValidationError(
            _("%(name)s also works in other branches. Remove the user from your branch instead.") % {"name": user.name},
            code="elsewhere",
        )


def _refuse_last_administrator(membership: Membership) -> None:
    """Raise ValidationError for the last administrator of a branch.

    Locks the branch's administrators, so that two cannot remove each other at the same time.
    """
    administrators = (
        Membership.objects.accepted()
        .select_for_update()
        .filter(branch=membership.branch_id, role=Role.ADMINISTRATOR, user__is_active=True)
    )
    ids = list(administrators.order_by("pk").values_list("pk", flat=True))
    if ids == [membership.pk]:
        raise ValidationError(
            _("%(name)s is the last administrator of %(branch)s. Make another user administrator first.")
            % {"name": membership.shown_name, "branch": membership.branch},
            code="last_administrator",
        )
