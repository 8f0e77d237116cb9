"""Forms of the import: choose a file, choose the columns. They validate; the services write."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Branch, User
from accounts.roles import Verb
from common.once import OnceFormMixin
from people.importing import registry
from people.importing.cells import as_text
from people.importing.source import Table, column_letters
from people.models import ImportBatch
from programmes.models import Programme

SAMPLES = 3
SAMPLE_LENGTH = 40
SELECT = {"class": "form-select"}
ACCEPTED_FILES = ".xlsx,.xlsm,.xls,.ods,.csv,.txt"


class UploadForm(OnceFormMixin, forms.Form):
    """Which file goes into which programme. `kind` may stay blank: it is recognised from the headings."""

    programme = forms.ModelChoiceField(Programme.objects.none(), label=_("Programme"), empty_label=None)
    kind = forms.ChoiceField(
        label=_("What the list holds"),
        required=False,
        help_text=_("Leave it: the headings usually say it."),
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
    return [(kind.code, kind.label) for kind in registry.kinds()]


class LayoutForm(forms.Form):
    """Where the list stands in the file: kind, sheet, header row. Sent by GET: it only shows the columns anew.

    `shown_sheet` is the sheet the page was made for: another one chosen, its header is looked for anew.
    """

    kind = forms.ChoiceField(label=_("What the list holds"), widget=forms.Select(SELECT))
    sheet = forms.ChoiceField(label=_("Sheet"), required=False, widget=forms.Select(SELECT))
    header_row = forms.IntegerField(label=_("Row with the headings"), min_value=1, widget=forms.Select(SELECT))
    shown_sheet = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def __init__(self, *args, sheets, header_rows, **kwargs):
        super().__init__(*args, **kwargs)
        self.header_rows = dict(header_rows)
        self.fields["kind"].choices = [("", _("Choose")), *kind_choices()]
        self.fields["sheet"].choices = sheets
        self.fields["header_row"].widget.choices = header_rows
        if len(sheets) == 1:
            self.fields["sheet"].widget = forms.HiddenInput()

    def wanted_header_row(self) -> int:
        """The row chosen, or 0 when it is to be found: for another sheet, or a row that is not there."""
        details = self.cleaned_data
        is_same_sheet = details["sheet"] == details["shown_sheet"]
        return details["header_row"] if is_same_sheet and details["header_row"] in self.header_rows else 0


class ColumnsForm(forms.Form):
    """One choice a column: the field it holds, or nothing. A field is given once."""

    def __init__(self, *args, batch: ImportBatch, table: Table, **kwargs):
        super().__init__(*args, **kwargs)
        kind = registry.kind_of(batch.kind) if batch.kind else None
        labels = [(field.key, field.label) for field in kind.fields] if kind else []
        self.labels = dict(labels)
        holds = {index: key for key, index in batch.mapping["columns"].items()}
        self.columns = []
        for index, heading in enumerate(table.headers):
            samples = column_samples(table, index)
            if not heading and not samples:
                continue
            name = f"column_{index}"
            self.fields[name] = forms.ChoiceField(
                label=heading or column_letters(index),
                choices=[("", _("Not imported")), *labels],
                required=False,
                initial=holds.get(index, ""),
                widget=forms.Select(SELECT),
            )
            self.columns.append(
                {
                    "field": self[name],
                    "letters": column_letters(index),
                    "heading": heading,
                    "samples": samples,
                    "is_guess": holds.get(index) in batch.mapping["guesses"],
                }
            )

    def clean(self):
        cleaned = super().clean()
        seen: dict[str, str] = {}
        for name, key in list(cleaned.items()):
            if key and key in seen:
                self.add_error(
                    name, _("»%(label)s« is chosen for two columns. Keep one of them.") % {"label": self.labels[key]}
                )
            seen.setdefault(key, name)
        return cleaned

    def chosen(self) -> dict[str, int]:
        """Field → column, from a valid form."""
        return {key: int(name.removeprefix("column_")) for name, key in self.cleaned_data.items() if key}


def column_samples(table: Table, index: int) -> list[str]:
    """The first different texts of a column, shortened."""
    found: dict[str, None] = {}
    for row in table.rows:
        text = " ".join(as_text(row.cells[index]).split()) if index < len(row.cells) else ""
        if text:
            found.setdefault(text if len(text) <= SAMPLE_LENGTH else f"{text[: SAMPLE_LENGTH - 1]}…")
        if len(found) == SAMPLES:
            break
    return list(found)
