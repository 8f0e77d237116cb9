"""Imports: a list that was read, its rows, and what was learnt from the choices made with it."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Branch, User
from common import clock
from common.scoping import ScopedModel
from people.enums import ImportStatus, RowDecision, RowState
from programmes.models import Programme

NOT_OF_THE_ORIGIN = tuple(
    f"import_row__{name}" for name in ("cells", "findings", "lesson", "batch__content", "batch__journal")
)  # long, and of no use to whoever asks from which row a record came


class ImportBatch(ScopedModel):
    """One spreadsheet on its way in: read, being checked, waiting for a decision, imported, or undone again.

    Keeps no original file: `content` holds what was read, CPR numbers taken out, and is emptied with the decision.
    `checked_rows` of `row_count` rows are checked so far. `journal` says what the import made and changed.
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
    content = models.BinaryField(_("what was read"), null=True, blank=True)
    with_hidden_rows = models.BooleanField(_("hidden rows are read too"), default=False)
    row_count = models.PositiveIntegerField(_("rows"), default=0)
    checked_rows = models.PositiveIntegerField(_("rows checked"), default=0)
    journal = models.BinaryField(_("what it made and changed"), null=True, blank=True)
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
    undo_summary = models.JSONField(_("what undoing did"), default=dict, blank=True)

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
            models.CheckConstraint(
                condition=Q(checked_rows__lte=models.F("row_count")), name="importbatch_checks_what_it_has"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} · {timezone.localdate(self.created_at)}"


class ImportRow(ScopedModel):
    """One row of an import: what stood in it and what was found. Of somebody who said no, only that they did.

    `corrections`: column (as text, from 0) → what was written instead. `lesson`: what the accepted row taught the
    checks of the rows below. `has_question`: it looks like somebody known, and nobody has decided yet.
    `chosen`: when it is the same person, the fields taken from the row.
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
    findings = models.JSONField(_("remarks"), default=list, blank=True)
    lesson = models.JSONField(_("what the row taught"), null=True, blank=True)
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
    """The columns somebody chose for a list with these headings; offered when the same headings return."""

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
        verbose_name = _("saved choice of columns")
        verbose_name_plural = _("saved choices of columns")
        ordering = ["-saved_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["branch", "headings_digest"], name="savedmapping_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} · {timezone.localdate(self.saved_at)}"


class KnownWord(ScopedModel):
    """What a word in a branch's old lists means for us: their "VL" is our waiting list. Remembered for each field."""

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
