"""Every write of the accounts app."""

from collections.abc import Callable

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import models, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.enums import AccessKind, Role
from accounts.models import AccessRecord, Branch, ExportChoice, Membership, User
from accounts.roles import Verb


@transaction.atomic
def record_access(
    *,
    by: User | None,
    kind: AccessKind | str,
    subject: models.Model | str,
    branch: Branch | int | None = None,
    detail: str = "",
    count: int = 1,
) -> AccessRecord:
    """Log that ``by`` read, searched, exported or changed personal data.

    ``subject`` is the record itself or, for lists, the model's label ("people.person").
    """
    is_record = isinstance(subject, models.Model)
    record = AccessRecord(
        user=by,
        branch_id=branch if isinstance(branch, int) else getattr(branch, "pk", None),
        kind=kind,
        subject=subject._meta.label_lower if is_record else subject,
        subject_id=subject.pk if is_record else None,
        case_number=getattr(subject, "case_number", "") if is_record else "",
        detail=detail[:500],
        count=count,
    )
    record.full_clean(exclude=["user", "branch", "subject_id"], validate_unique=False, validate_constraints=False)
    record.save()
    return record


def lock_branch(branch_id: int) -> Branch:
    """One import, undoing or reading of a branch at a time, until the transaction ends.

    The log and everything else may go on referring to the branch meanwhile: a full lock would make everybody
    wait for a long import, and somebody who holds a person already would wait in a circle.
    """
    return Branch.objects.select_for_update(no_key=True).get(pk=branch_id)


# --- one's own account ---------------------------------------------------------------------------


@transaction.atomic
def update_profile(user: User, **details) -> User:
    """Change a user's own name, phone, language or appearance. Nothing else can be changed here."""
    unknown = set(details) - {"name", "phone", "language", "theme"}
    if unknown:
        raise ValueError(f"Not part of a profile: {sorted(unknown)}")
    for field, value in details.items():
        setattr(user, field, value)
    user.full_clean(exclude=["password"])
    user.save(update_fields=list(details))
    return user


@transaction.atomic
def remember_export_choice(*, by: User, list_key: str, columns: list[str], kind: str) -> None:
    """Keep how ``by`` takes a list home: the columns by their keys, and the kind of file."""
    choice = ExportChoice(user=by, list_key=list_key, columns=columns, kind=kind)
    choice.full_clean(validate_unique=False, validate_constraints=False)
    ExportChoice.objects.bulk_create(
        [choice],
        update_conflicts=True,
        unique_fields=["user", "list_key"],
        update_fields=["columns", "kind"],
    )


# --- users of a branch ---------------------------------------------------------------------------


@transaction.atomic
def create_administrator(*, email: str, name: str, password: str, branch: Branch) -> User:
    """The first administrator of a branch, made on the server; the others are invited in the browser.

    Raises ValidationError for an e-mail in use, or a password that is too weak.
    """
    user = User(email=User.objects.normalise(email), name=name.strip())
    validate_password(password, user)
    user.set_password(password)
    user.full_clean()
    user.save()
    membership = Membership(user=user, branch=branch, role=Role.ADMINISTRATOR)
    membership.full_clean()
    membership.save()
    return user


@transaction.atomic
def invite_user(
    *, name: str, email: str, branch: Branch, role: str, by: User, build_url: Callable[[str], str]
) -> Membership:
    """Give somebody a role in a branch; a new user gets an e-mail with a link to set a password.

    ``build_url`` makes a full address of a path. A user who is known from another branch keeps name and password, and
    hears of the new branch. Raises ValidationError when ``by`` does not manage the users of the branch, and when the
    user has a role in it already.
    """
    _refuse_foreign(by, branch)
    email = User.objects.normalise(email)
    user = User.objects.filter(email=email).first()
    is_new = user is None
    if is_new:
        user = User(email=email, name=name)
        user.set_unusable_password()
        user.full_clean(exclude=["password"])
        user.save()
    membership = Membership(user=user, branch=branch, role=role)
    membership.full_clean()
    membership.save()
    _log_change(user, branch, by, f"{membership.get_role_display()}, {branch}")
    send_invitation(user, branch=branch, by=by, build_url=build_url)
    return membership


def send_invitation(user: User, *, branch: Branch, by: User, build_url: Callable[[str], str]) -> None:
    """Send, once the transaction holds, the e-mail that opens the branch: with a link as long as no password is set."""
    path = reverse("account_login")
    if not user.has_usable_password():
        key = default_token_generator.make_token(user)
        path = reverse("account_reset_password_from_key", args=[user_pk_to_url_str(user), key])
    context = {"user": user, "branch": branch, "by": by, "url": build_url(path)}
    with translation.override(user.language):
        subject = " ".join(render_to_string("accounts/email/invitation_subject.txt", context).split())
        body = render_to_string("accounts/email/invitation_message.txt", context)
    transaction.on_commit(lambda: send_mail(subject, body, None, [user.email]))


@transaction.atomic
def resend_invitation(membership: Membership, *, by: User, build_url: Callable[[str], str]) -> None:
    """Send the invitation again to somebody who has not set a password yet. Raises ValidationError otherwise."""
    _refuse_foreign(by, membership.branch)
    if membership.user.has_usable_password():
        raise ValidationError(_("%(name)s has set a password already.") % {"name": membership.user.name})
    _log_change(membership.user, membership.branch, by, _("Invitation sent again"))
    send_invitation(membership.user, branch=membership.branch, by=by, build_url=build_url)


@transaction.atomic
def change_role(membership: Membership, *, role: str, by: User) -> Membership:
    """Give a user another role in the branch. Raises ValidationError for the last administrator."""
    _refuse_foreign(by, membership.branch)
    if role != Role.ADMINISTRATOR:
        _refuse_last_administrator(membership)
    membership.role = role
    membership.full_clean()
    membership.save(update_fields=["role"])
    _log_change(membership.user, membership.branch, by, f"{membership.get_role_display()}, {membership.branch}")
    return membership


@transaction.atomic
def end_membership(membership: Membership, *, by: User) -> None:
    """Take a user out of the branch; what they registered stays. Raises ValidationError for the last administrator."""
    _refuse_foreign(by, membership.branch)
    _refuse_last_administrator(membership)
    _log_change(membership.user, membership.branch, by, _("Taken out of %(branch)s") % {"branch": membership.branch})
    membership.delete()


@transaction.atomic
def disable_user(membership: Membership, *, by: User) -> User:
    """Sign-in stops at the user's next request. Raises ValidationError where ``by`` may not, or for the last one."""
    _refuse_beyond(by, membership)
    for own in membership.user.memberships.select_related("branch"):
        _refuse_last_administrator(own)
    return _set_active(membership, is_active=False, by=by, words=_("Sign-in stopped"))


@transaction.atomic
def enable_user(membership: Membership, *, by: User) -> User:
    _refuse_beyond(by, membership)
    return _set_active(membership, is_active=True, by=by, words=_("Sign-in opened"))


@transaction.atomic
def reset_second_factor(membership: Membership, *, by: User) -> None:
    """Take away the user's app and recovery codes (a lost phone); the next sign-in sets up a new one."""
    _refuse_beyond(by, membership)
    Authenticator.objects.filter(user=membership.user).delete()
    _log_change(membership.user, membership.branch, by, _("Second factor reset"))


def _set_active(membership: Membership, *, is_active: bool, by: User, words: str) -> User:
    user = membership.user
    user.is_active = is_active
    user.save(update_fields=["is_active"])
    _log_change(user, membership.branch, by, words)
    return user


def _log_change(user: User, branch: Branch, by: User, words: str) -> None:
    record_access(by=by, kind=AccessKind.WRITE, subject=user, branch=branch, detail=f"{user.name}: {words}")


def _refuse_foreign(by: User, branch: Branch) -> None:
    if not by.may(Verb.MANAGE_USERS, branch):
        raise ValidationError(_("You do not manage the users of %(branch)s.") % {"branch": branch}, code="branch")


def _refuse_beyond(by: User, membership: Membership) -> None:
    """What touches the whole user needs the right in every branch of theirs; nobody does it to themselves."""
    user = membership.user
    branches = set(user.memberships.values_list("branch_id", flat=True))
    if user.pk == by.pk:
        raise ValidationError(_("This is your own account. Ask another administrator."), code="oneself")
    if user.is_superuser or user.is_staff or not branches <= set(by.branch_ids_for(Verb.MANAGE_USERS)):
        raise ValidationError(
            _("%(name)s also works elsewhere. Take the person out of your branch instead.") % {"name": user.name},
            code="elsewhere",
        )


def _refuse_last_administrator(membership: Membership) -> None:
    """Locks the branch's administrators, so that two cannot take each other out at once."""
    administrators = Membership.objects.select_for_update().filter(
        branch=membership.branch_id, role=Role.ADMINISTRATOR, user__is_active=True
    )
    ids = list(administrators.order_by("pk").values_list("pk", flat=True))
    if ids == [membership.pk]:
        raise ValidationError(
            _("%(name)s is the last administrator of %(branch)s. Make somebody else administrator first.")
            % {"name": membership.user.name, "branch": membership.branch},
            code="last_administrator",
        )
