"""Forms of the import: the file, the sheet, the columns, the cells of a row and the decision about it."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Branch, User
from accounts.roles import Verb
from common.once import OnceFormMixin
from common.spreadsheets import column_letters
from imports.engine.cells import as_text
from imports.engine.recognition import known_meanings, unknown_words
from imports.engine.table import CPR_MARK, Table, is_cpr_heading
from imports.enums import RowDecision
from imports.kinds import all_kinds, kind_of
from imports.models import ImportBatch
from imports.services.deciding import require_cell_text
from people.details import GROUP_KEYS
from people.merging.values import OTHER
from programmes.models import Programme

SAMPLES = 3
SAMPLE_LENGTH = 40
LONG_TEXT = 80  # characters; a longer cell gets a field of two lines
SELECT = {"class": "form-select"}
ACCEPTED_FILES = ".xlsx,.xlsm,.xls,.ods,.csv,.txt"


class UploadForm(OnceFormMixin, forms.Form):
    """The file and the programme to import into. A blank ``kind`` is recognised from the headings."""

    programme = forms.ModelChoiceField(Programme.objects.none(), label=_("Programme"), empty_label=None)
    kind = forms.ChoiceField(
        label=_("What the list holds"),
        required=False,
        help_text=_("Leave it blank: the headings usually say it."),
    )
    file = forms.FileField(
        label=_("File"),
        widget=forms.ClearableFileInput({"accept": ACCEPTED_FILES}),
        help_text=_("Excel (xlsx or xls), OpenDocument (ods), or text with commas, semicolons or tabs (csv, txt)."),
        error_messages={
            "required": _("Choose a file."),
            "empty": _("The file is empty. Choose a file with headings and rows."),
        },
    )

    def __init__(self, *args, user: User, branch: Branch | int, **kwargs):
        super().__init__(*args, **kwargs)
        programmes = Programme.objects.visible_to(user, Verb.IMPORT).in_branches([branch])
        self.fields["programme"].queryset = programmes.order_by("-starts_on", "name")
        self.fields["kind"].choices = [("", _("Recognise it")), *kind_choices()]


def kind_choices() -> list[tuple[str, object]]:
    return [(kind.code, kind.label) for kind in all_kinds()]


class LayoutForm(forms.Form):
    """The place of the list in the file: sheet and header row, and the kind of list. Sent by GET, it stores nothing.

    ``shown_sheet`` is the sheet that the page shows. If another sheet is chosen, its header row is searched for.
    """

    query_keys: ClassVar = {
        "kind": "type",
        "sheet": "ark",
        "header_row": "overskrift",
        "with_hidden_rows": "skjulte",
        "shown_sheet": "vist_ark",
    }

    kind = forms.ChoiceField(
        label=_("What the list holds"),
        widget=forms.Select(SELECT),
        error_messages={"required": _("Choose what the list holds.")},
    )
    sheet = forms.ChoiceField(label=_("Sheet"), required=False, widget=forms.Select(SELECT))
    header_row = forms.IntegerField(label=_("Row with the headings"), min_value=1, widget=forms.Select(SELECT))
    with_hidden_rows = forms.BooleanField(label=_("Read the hidden rows too"), required=False)
    shown_sheet = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def __init__(self, *args, sheets, header_rows, **kwargs):
        super().__init__(*args, **kwargs)
        self.header_rows = dict(header_rows)
        self.fields["kind"].choices = [("", _("Choose")), *kind_choices()]
        self.fields["sheet"].choices = sheets
        self.fields["header_row"].widget.choices = header_rows
        if len(sheets) == 1:
            self.fields["sheet"].widget = forms.HiddenInput()

    def add_prefix(self, field_name: str) -> str:
        return self.query_keys.get(field_name, field_name)

    def wanted_header_row(self) -> int:
        """Return the chosen row, or 0 to search for it: on another sheet, or if the row does not exist."""
        details = self.cleaned_data
        is_same_sheet = details["sheet"] == details["shown_sheet"]
        return details["header_row"] if is_same_sheet and details["header_row"] in self.header_rows else 0


class ColumnsForm(forms.Form):
    """For each column the field that it holds, or none. Two columns cannot hold the same field.

    Words of the list that a field with choices does not know get a choice of meanings.
    """

    is_remembered = forms.BooleanField(
        label=_("Remember the columns for the next file with these headings"), required=False, initial=True
    )

    def __init__(self, *args, batch: ImportBatch, table: Table, **kwargs):
        super().__init__(*args, **kwargs)
        kind = kind_of(batch.kind) if batch.kind else None
        self.kind_fields = {field.key: field for field in kind.fields} if kind else {}
        self.labels = {key: field.label for key, field in self.kind_fields.items()}
        self.columns = self.add_columns(batch, table)
        self.words = self.add_words(batch, table)

    def add_columns(self, batch: ImportBatch, table: Table) -> list[dict]:
        """Add a choice of fields for each column with a heading or samples, and return what the page shows of it."""
        holds = {index: key for key, index in batch.mapping["columns"].items()}
        columns = []
        for index, heading in enumerate(table.headers):
            samples = column_samples(table, index)
            if not heading and not samples:
                continue
            name = f"column_{index}"
            self.fields[name] = optional_choice(
                heading or column_letters(index),
                [("", _("Not imported")), *self.labels.items()],
                holds.get(index, ""),
            )
            shown = self._shown_column(table, index, samples)
            columns.append(shown | {"is_guess": holds.get(index) in batch.mapping["guesses"]})
        return columns

    def _shown_column(self, table: Table, index: int, samples: list[str]) -> dict:
        heading = table.headers[index]
        return {
            "field": self[f"column_{index}"],
            "letters": column_letters(index),
            "heading": heading,
            "samples": samples,
            "is_hidden": index in table.hidden_columns,
            "has_cpr": any(CPR_MARK in text for text in (heading, *samples)) or is_cpr_heading(heading),
        }

    def add_words(self, batch: ImportBatch, table: Table) -> list[dict]:
        """Add a choice of meanings for each unknown word, and return the choices grouped by column."""
        columns = {
            column["field"].value(): int(column["field"].name.removeprefix("column_")) for column in self.columns
        }
        columns.pop("", None)
        groups = []
        for key, words in unknown_words(table, self.kind_fields.values(), columns).items():
            field = self.kind_fields[key]
            known = known_meanings(batch.mapping.get("words", {}), field)
            rows = []
            for number, word in enumerate(words):
                name = f"word_{key}_{number}"
                self.fields[name] = optional_choice(
                    word.text,
                    [("", _("No meaning")), *((choice.word, choice.label) for choice in field.choices)],
                    known.get(word.folded, ""),
                )
                rows.append({"field": self[name], "word": word})
            groups.append({"key": key, "label": field.label, "title": table.headers[columns[key]], "rows": rows})
        return groups

    def clean(self):
        cleaned = super().clean()
        seen: dict[str, str] = {}
        for name, key in list(cleaned.items()):
            if not name.startswith("column_") or not key:
                continue
            if key in seen:
                self.add_error(
                    name, _("»%(label)s« is chosen for two columns. Keep one of them.") % {"label": self.labels[key]}
                )
            seen.setdefault(key, name)
        return cleaned

    @property
    def asks_for_words(self) -> bool:
        """Whether these columns hold unknown words that the submitted page did not show."""
        shown = set(self.data.getlist("shown_words")) if self.is_bound else set()
        return any(group["key"] not in shown for group in self.words)

    def chosen(self) -> dict[str, int]:
        """Return field → column, from a valid form."""
        return {
            key: int(name.removeprefix("column_"))
            for name, key in self.cleaned_data.items()
            if name.startswith("column_") and key
        }

    def meanings(self) -> dict[str, dict[str, str]]:
        """Return field → folded word → meaning; the meaning is blank where the user gave none."""
        return {
            group["key"]: {row["word"].folded: self.cleaned_data[row["field"].name] for row in group["rows"]}
            for group in self.words
        }


class CellsForm(forms.Form):
    """The cells of one row as texts, those with issues first.

    Unchanged cells are not validated. Outer blanks and the kind of line breaks, which browsers change, do not count.
    """

    def __init__(self, *args, detail, **kwargs):
        super().__init__(*args, **kwargs)
        self.detail = detail
        for cell in detail.cells:
            self.fields[f"cell_{cell.index}"] = forms.CharField(
                label=cell.title,
                required=False,
                initial=cell.text,
                widget=forms.Textarea({"rows": 2}) if needs_lines(cell.text) else None,
            )

    def clean(self) -> dict:
        cleaned = super().clean()
        for column, text in self.changed_cells().items():
            try:
                require_cell_text(text)
            except forms.ValidationError as error:
                self.add_error(f"cell_{column}", error)
        return cleaned

    @property
    def cells_with_issues(self) -> list[dict]:
        """The cells with issues, each with its bound field."""
        return self._shown(lambda cell: bool(cell.issues))

    @property
    def other_cells(self) -> list[dict]:
        return self._shown(lambda cell: not cell.issues)

    @property
    def has_error_in_other_cells(self) -> bool:
        return any(item["field"].errors for item in self.other_cells)

    def _shown(self, wanted) -> list[dict]:
        return [{"field": self[f"cell_{cell.index}"], "cell": cell} for cell in self.detail.cells if wanted(cell)]

    def changed_cells(self) -> dict[int, str]:
        """Return column → text of the changed cells."""
        sent = [(cell, self.cleaned_data.get(f"cell_{cell.index}")) for cell in self.detail.cells]
        texts = [(cell, normal_breaks(text)) for cell, text in sent if text is not None]
        return {cell.index: text for cell, text in texts if text != normal_breaks(cell.text)}


def needs_lines(text: str) -> bool:
    """Return whether a text needs a field of several lines. In a single line, the browser removes line breaks."""
    return len(text) > LONG_TEXT or "\n" in text or "\r" in text


def normal_breaks(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


class DecisionForm(forms.Form):
    """The decision about a row. A blank decision undoes the former one."""

    decision = forms.ChoiceField(choices=[("", ""), *RowDecision.choices], required=False)
    person_id = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    other_row = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1)

    def clean(self) -> dict:
        cleaned = super().clean()
        cleaned["chosen"] = [key for key in GROUP_KEYS if self.data.get(f"take_{key}") == OTHER]
        return cleaned


def optional_choice(label: str, choices: list[tuple], initial: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, required=False, initial=initial, widget=forms.Select(SELECT))


def column_samples(table: Table, index: int) -> list[str]:
    """Return the first distinct texts of a column, shortened."""
    found: dict[str, None] = {}
    for row in table.rows:
        text = " ".join(as_text(row.cells[index]).split()) if index < len(row.cells) else ""
        if text:
            found.setdefault(text if len(text) <= SAMPLE_LENGTH else f"{text[: SAMPLE_LENGTH - 1]}…")
        if len(found) == SAMPLES:
            break
    return list(found)
