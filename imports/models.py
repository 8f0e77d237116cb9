"""Import batches with their rows, remembered choices of a branch, and the origins of records."""

from collections.abc import Iterable
from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Branch, User
from common import clock
from common.models import Act
from common.scoping import ScopedModel
from imports.enums import ImportStatus, RowDecision, RowState
from programmes.models import Programme


class ImportBatch(ScopedModel):
    """A spreadsheet on its way in: read, under review, applied, undone or discarded.

    The original file is not stored. ``content`` holds its cells without CPR numbers until the import is applied or
    discarded. ``act`` holds the changes that undoing reverts.
    """

    branch_paths = ("programme__branch",)
    read_verb = "import"

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="import_batches", verbose_name=_("programme"))
    kind = models.CharField(_("kind"), max_length=20, blank=True)
    status = models.CharField(_("status"), max_length=20, choices=ImportStatus, default=ImportStatus.READ)
    file_name = models.CharField(_("file"), max_length=255)
    digest = models.CharField(_("SHA-256 of the file"), max_length=64)
    sheet = models.CharField(_("sheet"), max_length=100, blank=True)
    header_row = models.PositiveIntegerField(_("header row"), default=1)
    headers = models.JSONField(_("headers"), default=list, blank=True)
    mapping = models.JSONField(_("columns"), default=dict, blank=True)
    counts = models.JSONField(_("figures"), default=dict, blank=True)
    content = models.BinaryField(_("content of the file"), null=True, blank=True)
    with_hidden_rows = models.BooleanField(_("hidden rows are read too"), default=False)
    row_count = models.PositiveIntegerField(_("rows"), default=0)
    act = models.ForeignKey(
        Act, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("what was stored and changed")
    )
    created_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("read by")
    )
    created_at = models.DateTimeField(_("read at"), default=clock.now, editable=False)
    applied_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("imported by")
    )
    applied_at = models.DateTimeField(_("imported at"), null=True, blank=True)
    undone_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("undone by")
    )
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    undo_summary = models.JSONField(_("summary of the undo"), default=dict, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=ImportStatus.values), name="importbatch_status_valid"),
            models.CheckConstraint(
                condition=Q(status__in=[ImportStatus.APPLIED, ImportStatus.UNDONE], applied_at__isnull=False)
                | (~Q(status__in=[ImportStatus.APPLIED, ImportStatus.UNDONE]) & Q(applied_at__isnull=True)),
                name="importbatch_applied_once",
            ),
            models.CheckConstraint(
                condition=Q(status=ImportStatus.UNDONE, undone_at__isnull=False)
                | (~Q(status=ImportStatus.UNDONE) & Q(undone_at__isnull=True)),
                name="importbatch_undone_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} · {timezone.localdate(self.created_at)}"


class ImportRow(ScopedModel):
    """A row of an import batch: its cells and the outcome of its check.

    The cells of a person who refused consent are erased. ``corrections``: column (as text, from 0) → corrected text.
    ``has_question``: the row looks like a known person and waits for a decision. ``chosen``: fields taken from the row
    if it is merged into that person.
    """

    branch_paths = ("batch__programme__branch",)
    read_verb = "import"

    batch = models.ForeignKey(
        ImportBatch, models.CASCADE, related_name="rows", verbose_name=_("import"), db_index=False
    )
    number = models.PositiveIntegerField(_("row"))
    cells = models.JSONField(_("cells"), default=list, blank=True)
    label = models.CharField(_("name"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=20, choices=RowState)
    issues = models.JSONField(_("remarks"), default=list, blank=True)
    corrections = models.JSONField(_("corrected cells"), default=dict, blank=True)
    has_question = models.BooleanField(_("waits for a decision"), default=False)
    decision = models.CharField(_("decision"), max_length=10, choices=RowDecision, blank=True)
    other_person_id = models.BigIntegerField(_("compared with person"), null=True, blank=True)
    other_row = models.PositiveIntegerField(_("compared with row"), null=True, blank=True)
    chosen = models.JSONField(_("fields taken from the row"), default=list, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of an import")
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=RowState.values), name="importrow_state_valid"),
            models.CheckConstraint(
                condition=Q(decision="") | Q(decision__in=RowDecision.values), name="importrow_decision_valid"
            ),
            models.UniqueConstraint(fields=["batch", "number"], name="importrow_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.batch} · {self.number}"


class SavedMapping(ScopedModel):
    """The columns that a user chose for a list with these headings, offered for the next list with the same ones."""

    branch_paths = ("branch",)
    read_verb = "import"

    branch = models.ForeignKey(
        Branch, models.CASCADE, related_name="saved_mappings", verbose_name=_("branch"), db_index=False
    )
    headings_digest = models.CharField(_("the headings, as one digest"), max_length=64)
    kind = models.CharField(_("kind"), max_length=20)
    columns = models.JSONField(_("columns"), default=dict)  # field key → heading (normalised)
    saved_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("saved by")
    )
    saved_at = models.DateTimeField(_("saved at"), default=clock.now)

    class Meta:
        verbose_name = _("saved column mapping")
        verbose_name_plural = _("saved column mappings")
        ordering = ["-saved_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["branch", "headings_digest"], name="savedmapping_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} · {timezone.localdate(self.saved_at)}"


class KnownWord(ScopedModel):
    """The meaning of a word in a branch's lists, for one field: "VL" may mean the waiting list."""

    branch_paths = ("branch",)
    read_verb = "import"

    branch = models.ForeignKey(
        Branch, models.CASCADE, related_name="known_words", verbose_name=_("branch"), db_index=False
    )
    kind = models.CharField(_("kind"), max_length=20)
    field = models.CharField(_("column"), max_length=40)
    word = models.CharField(_("their word"), max_length=80)  # folded
    meaning = models.CharField(_("our word"), max_length=80)
    saved_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("saved by")
    )
    saved_at = models.DateTimeField(_("saved at"), default=clock.now)

    class Meta:
        verbose_name = _("known word")
        verbose_name_plural = _("known words")
        ordering = ["field", "word"]
        constraints = [
            models.UniqueConstraint(fields=["branch", "kind", "field", "word"], name="knownword_once"),
        ]

    def __str__(self) -> str:
        return f"{self.word} = {self.meaning}"


class RowOriginQuerySet(models.QuerySet):
    """Origins by record, model and row."""

    def of(self, record: models.Model) -> Self:
        """Filter to the origin of a record; there is at most one."""
        return self.filter(model=record._meta.label_lower, object_id=record.pk)

    def of_model(self, model: type[models.Model], pks: Iterable[int]) -> Self:
        """Filter to the origins of records of a model."""
        return self.filter(model=model._meta.label_lower, object_id__in=list(pks))

    def record(self, row: "ImportRow", record: models.Model) -> None:
        """Store the origin of one record, unless it has one."""
        self.get_or_create(model=record._meta.label_lower, object_id=record.pk, defaults={"row": row})

    def record_ids(self, model: type[models.Model], row_ids: Iterable[int]) -> dict[int, int]:
        """Return row id → id of the record of a model that came from it and still exists. Two queries."""
        pairs = dict(
            self.filter(model=model._meta.label_lower, row__in=list(row_ids)).values_list("object_id", "row_id")
        )
        found = model._base_manager.filter(pk__in=pairs).values_list("pk", flat=True)
        return {pairs[pk]: pk for pk in found}

    def addresses(self, model: type[models.Model], row_ids: Iterable[int], field: str, url_name: str) -> dict[int, str]:
        """Return row id → address of the record that came from it; ``field`` is the argument of the address."""
        rows = self.record_ids(model, row_ids)
        arguments = dict(model._base_manager.filter(pk__in=rows.values()).values_list("pk", field))
        return {row_id: reverse(url_name, args=[arguments[pk]]) for row_id, pk in rows.items()}


class RowOrigin(models.Model):
    """The row that a record of any model came from. Models of lower apps need no reference to imports.

    ``model`` is the lower-case label of the record's model, as in the journal.
    """

    row = models.ForeignKey(ImportRow, models.CASCADE, related_name="origins", verbose_name=_("row of an import"))
    model = models.CharField(_("model"), max_length=60)
    object_id = models.BigIntegerField(_("record"))

    objects = RowOriginQuerySet.as_manager()

    class Meta:
        verbose_name = _("origin of a record")
        verbose_name_plural = _("origins of records")
        constraints = [models.UniqueConstraint(fields=["model", "object_id"], name="roworigin_once")]

    def __str__(self) -> str:
        return f"{self.model} {self.object_id} · {self.row_id}"
