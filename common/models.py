"""Models without domain: submitted forms, kept posts, number series, and the journal of changes."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from common import clock
from common.record_values import ExactEncoder


class RecordedTimeField(models.DateTimeField):
    """A time that ``common.clock`` gives: when a record is created (``auto_now_add``) or saved (``auto_now``).

    Django's own field takes the machine's time, which is not the day of the demo. Migrations name Django's field.
    """

    def pre_save(self, model_instance, add):
        if self.auto_now or (self.auto_now_add and add):
            setattr(model_instance, self.attname, clock.now())
            return getattr(model_instance, self.attname)
        return super().pre_save(model_instance, add)

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.DateTimeField", args, kwargs


class SubmittedForm(models.Model):
    """A submitted form by its one-time key, so that a second submission creates nothing (see ``common.once``)."""

    key = models.UUIDField(_("one-time key"), unique=True)
    target_url = models.CharField(_("where the first submission led"), max_length=500)
    submitted_at = models.DateTimeField(_("submitted at"), auto_now_add=True)

    class Meta:
        verbose_name = _("submitted form")
        verbose_name_plural = _("submitted forms")

    def __str__(self) -> str:
        return str(self.key)


class KeptPost(models.Model):
    """What a user typed in a form after the session had ended, until the user has signed in (``common.kept_posts``).

    ``sealed`` is encrypted. The key is in a cookie of the browser.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="kept_posts", verbose_name=_("user")
    )
    sealed = models.TextField(_("encrypted words"))
    kept_at = models.DateTimeField(_("kept at"), auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = _("kept post")
        verbose_name_plural = _("kept posts")

    def __str__(self) -> str:
        return f"{self.kept_at:%Y-%m-%d %H:%M}"


class NumberSeries(models.Model):
    """The last number used in a series such as ``T-2011`` (case numbers) or ``M-3-2011`` (matches)."""

    key = models.CharField(_("series"), max_length=40, unique=True)
    last = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("number series")
        verbose_name_plural = _("number series")

    def __str__(self) -> str:
        return f"{self.key}: {self.last}"


class Act(models.Model):
    """An act of a user or a command that changed records: a service call, in one transaction.

    ``name`` is the name of the service. ``undoes`` is the act that this one undid.
    """

    name = models.CharField(_("act"), max_length=60)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("time"), default=clock.now, db_index=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    undoes = models.OneToOneField(
        "self", models.CASCADE, null=True, blank=True, related_name="undone_by", verbose_name=_("undid")
    )

    class Meta:
        verbose_name = _("act")
        verbose_name_plural = _("acts")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.name}"


class ChangeKind(models.TextChoices):
    """What an act did to a record."""

    MADE = "made", _("created")
    CHANGED = "changed", _("changed")
    REMOVED = "removed", _("deleted")


UNCHOSEN = "unchosen"  # in place of a field: a text that a user typed and did not choose (``common.editing``)


class Change(models.Model):
    """What an act did: created records, changed a field of one, or deleted one. Written by ``common.journal`` only.

    The records are those from ``record_id`` to ``last_id``: one, except for records created together, which have
    consecutive ids. ``field`` is the attname of the changed field, or ``UNCHOSEN``.

    ``before``, ``after``, ``marks`` and ``salt`` can be erased: ``digest``, which is computed from them, stays and
    reveals nothing. A change has its values before and after; a deletion has all values of the record in ``before``;
    ``marks`` of created records, eight bytes each, show whether one of their ``marked_fields`` was changed since.
    """

    act = models.ForeignKey(Act, models.CASCADE, related_name="changes", verbose_name=_("act"))
    model = models.CharField(_("kind of record"), max_length=50)
    record_id = models.BigIntegerField(_("record's id"))
    last_id = models.BigIntegerField(_("last record's id"))
    kind = models.CharField(_("what was done"), max_length=7, choices=ChangeKind)
    field = models.CharField(_("field"), max_length=60, blank=True)
    before = models.JSONField(_("before"), null=True, blank=True, encoder=ExactEncoder)
    after = models.JSONField(_("after"), null=True, blank=True, encoder=ExactEncoder)
    marks = models.BinaryField(_("marks of created records"), null=True, blank=True)
    marked_fields = models.JSONField(_("fields that the marks cover"), null=True, blank=True)
    salt = models.BinaryField(_("salt"), null=True, blank=True)
    digest = models.BinaryField(_("digest"))

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=ChangeKind.values), name="change_kind_valid"),
            models.CheckConstraint(
                condition=models.Q(kind=ChangeKind.CHANGED) & ~models.Q(field="")
                | ~models.Q(kind=ChangeKind.CHANGED) & models.Q(field=""),
                name="change_names_its_field",
            ),
            models.CheckConstraint(condition=models.Q(record_id__lte=models.F("last_id")), name="change_ids_in_order"),
        ]
        indexes = [models.Index(fields=["model", "kind", "record_id", "last_id"], name="change_record")]

    def __str__(self) -> str:
        return f"{self.model} {self.record_id} {self.kind} {self.field}"
