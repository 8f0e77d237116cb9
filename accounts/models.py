"""Users, branches, memberships and the access log."""

from django.apps import apps
from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.enums import AccessKind, FileKind, Language, Role, Theme
from accounts.log_words import ReadableJSONEncoder, sentence_of
from accounts.querysets import AccessRecordQuerySet, AppendOnlyError, MembershipQuerySet, UserManager
from accounts.roles import role_may
from common.conditions import CheckedModel
from common.danish_order import DANISH
from common.models import RecordedTimeField
from common.scoping import ScopedModel


class Branch(models.Model):
    """A part of the network that owns its cases (afdeling)."""

    name = models.CharField(_("name"), max_length=100, unique=True, db_collation=DANISH)
    slug = models.SlugField(_("short name"), unique=True)
    code = models.CharField(
        _("letter of case numbers"),
        max_length=3,
        unique=True,
        validators=[RegexValidator(r"^[A-ZÆØÅ]{1,3}$", _("Write one to three capital letters."))],
        help_text=_("Case numbers begin with it: T gives T-2011-038."),
    )
    address = models.CharField(_("address"), max_length=200, blank=True)
    postcode = models.CharField(_("postcode"), max_length=10, blank=True)
    town = models.CharField(_("town"), max_length=100, blank=True)
    area = models.CharField(_("area"), max_length=100, blank=True, help_text=_("The neighbourhood it serves."))
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    is_demo = models.BooleanField(
        _("demo with invented people"), default=False, help_text=_("Shown in a banner; emptied by a command.")
    )

    class Meta:
        verbose_name = _("branch")
        verbose_name_plural = _("branches")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class User(AbstractBaseUser, PermissionsMixin):
    """A member of staff who signs in with an e-mail. All rights come from memberships."""

    journal_excludes = ("password", "last_login")

    email = models.EmailField(_("e-mail"), unique=True, error_messages={"unique": _("This e-mail is in use.")})
    name = models.CharField(_("name"), max_length=150, db_collation=DANISH)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.DANISH)
    theme = models.CharField(_("appearance"), max_length=5, choices=Theme, default=Theme.AUTO)
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_staff = models.BooleanField(_("may use the support pages"), default=False)
    created_at = RecordedTimeField(_("created at"), auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(language__in=Language.values), name="user_language_valid"),
            models.CheckConstraint(condition=Q(theme__in=Theme.values), name="user_theme_valid"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        """Write the e-mail as sign-in looks for it."""
        super().clean()
        self.email = type(self).objects.normalise(self.email)

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0] if self.name else self.email

    @cached_property
    def all_memberships(self) -> list["Membership"]:
        """The user's memberships with their branches, also those not accepted, loaded once per request."""
        return list(self.memberships.select_related("branch", "invited_by").order_by("branch__name"))

    @property
    def active_memberships(self) -> list["Membership"]:
        """The accepted memberships: the only ones that give rights."""
        return [membership for membership in self.all_memberships if not membership.is_offered]

    @property
    def offered_memberships(self) -> list["Membership"]:
        """The memberships that the user may accept or decline."""
        return [membership for membership in self.all_memberships if membership.is_offered]

    @property
    def branch_ids(self) -> list[int]:
        """Ids of the branches in which the user has a role."""
        return [membership.branch_id for membership in self.active_memberships]

    def branch_ids_for(self, verb: str) -> list[int]:
        """Return the ids of the branches in which the user may do ``verb``."""
        return [m.branch_id for m in self.active_memberships if role_may(m.role, verb)]

    def may(self, verb: str, branch: "Branch | int | None" = None) -> bool:
        """Return whether the user may do ``verb`` in ``branch``, or in any branch when it is None."""
        allowed = self.branch_ids_for(verb)
        if branch is None:
            return bool(allowed)
        return (branch if isinstance(branch, int) else branch.pk) in allowed


class Membership(ScopedModel):
    """A user's role in a branch. It gives rights once the user has accepted it; until then it is offered.

    The branch sees an offered one under the name that was typed, and nothing else of the user.
    """

    branch_paths = ("branch",)
    read_verb = "manage_users"

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name=_("user"), db_index=False)
    branch = models.ForeignKey(Branch, models.CASCADE, related_name="memberships", verbose_name=_("branch"))
    role = models.CharField(_("role"), max_length=20, choices=Role)
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True, editable=False)
    invited_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("invited by"), editable=False
    )
    invited_as = models.CharField(_("name in the invitation"), max_length=150, blank=True, editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_valid"),
            models.UniqueConstraint(
                fields=["user", "branch"],
                name="membership_one_role_per_branch",
                violation_error_message=_("The user already has a role in this branch."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shown_name} · {self.get_role_display()} · {self.branch}"

    @property
    def is_offered(self) -> bool:
        return self.accepted_at is None

    @property
    def is_invited(self) -> bool:
        """Whether the user has not accepted the membership, or has never chosen a password."""
        return self.is_offered or not self.user.has_usable_password()

    @property
    def shown_name(self) -> str:
        """The name that the branch may see: of an offered membership what was typed in the invitation."""
        return (self.invited_as or self.user.email) if self.is_offered else self.user.name

    @property
    def invitation_key(self) -> str:
        """The key of the background task that sends the invitation."""
        return f"invitation-{self.pk}"


class AccessRecord(ScopedModel):
    """A row of the access log: one look-up, search, export or change of personal data. Append-only.

    ``code`` and ``values`` say what was done: the code of a sentence in ``accounts.log_words``, and its plain values.
    """

    branch_paths = ("branch",)
    read_verb = "read_log"

    at = RecordedTimeField(_("time"), auto_now_add=True)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("user"))
    branch = models.ForeignKey(
        Branch, models.CASCADE, null=True, related_name="+", verbose_name=_("branch"), db_index=False
    )
    kind = models.CharField(_("what was done"), max_length=20, choices=AccessKind)
    subject = models.CharField(_("kind of record"), max_length=50)
    subject_id = models.BigIntegerField(_("record's id"), null=True)
    case_number = models.CharField(_("case number"), max_length=30, blank=True)
    code = models.CharField(_("code of the act"), max_length=40, blank=True)
    values = models.JSONField(_("values of the act"), default=dict, blank=True, encoder=ReadableJSONEncoder)
    count = models.PositiveIntegerField(_("number of records"), default=1)

    objects = AccessRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("access record")
        verbose_name_plural = _("access records")
        ordering = ["-at", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(kind__in=AccessKind.values), name="accessrecord_kind_valid")]
        indexes = [
            models.Index(fields=["subject", "subject_id", "-at"], name="accessrecord_subject"),
            models.Index(fields=["branch", "-at"], name="accessrecord_branch"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.get_kind_display()} {self.subject} {self.case_number}"

    @property
    def detail(self) -> str:
        """What was done, as a sentence in the reader's language."""
        return sentence_of(self.code, self.values)

    @property
    def subject_words(self) -> str:
        """The kind of record in words."""
        try:
            return capfirst(apps.get_model(self.subject)._meta.verbose_name)
        except (LookupError, ValueError):
            return self.subject

    def save(self, *args, **kwargs):
        """Store a new row. Raises AppendOnlyError for a stored one."""
        if not self._state.adding:
            raise AppendOnlyError
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise AppendOnlyError


class ExportChoice(CheckedModel):
    """The columns and the file format that a user chose last for a list."""

    user = models.ForeignKey(
        User, models.CASCADE, related_name="export_choices", verbose_name=_("user"), db_index=False
    )
    list_key = models.CharField(_("list"), max_length=50)
    columns = models.JSONField(_("columns"), default=list)
    kind = models.CharField(_("file format"), max_length=5, choices=FileKind)

    class Meta:
        verbose_name = _("export choice")
        verbose_name_plural = _("export choices")
        constraints = [
            models.UniqueConstraint(fields=["user", "list_key"], name="exportchoice_one_per_list"),
            models.CheckConstraint(condition=Q(kind__in=FileKind.values), name="exportchoice_kind_valid"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.list_key} · {self.kind}"
