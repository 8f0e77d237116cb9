"""Templates to download: a list to fill in, for each kind that can be imported."""

from django.http import Http404, HttpResponse
from django.utils import translation
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.roles import Verb
from accounts.views_base import VerbRequiredMixin
from common.spreadsheets import ListColumn, TemplateTexts, write_list_template
from imports.engine.templates import Template, TemplateColumn, template_of
from imports.kinds import registry

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LANGUAGE = "da"  # of the lists that are kept, whichever language the reader has chosen for the pages


class ImportTemplateView(VerbRequiredMixin, View):
    verb = Verb.IMPORT

    def get(self, request, kind):
        if kind not in {known.code for known in registry.kinds()}:
            raise Http404
        with translation.override(LANGUAGE):
            template = template_of(registry.kind_of(kind))
            with write_list_template(template.title, list_columns(template), sheet_words(template)) as file:
                content = file.read()
            name = slugify(_("Template %(kind)s") % {"kind": template.title}, allow_unicode=True)
        disposition = content_disposition_header(as_attachment=True, filename=f"{name}.xlsx")
        return HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": disposition})


def list_columns(template: Template) -> list[ListColumn]:
    return [
        ListColumn(
            heading=column.heading,
            is_date=column.is_date,
            is_needed=bool(column.must),
            choices=column.choices,
            examples=column.examples,
            explained=explained(column),
        )
        for column in template.columns
    ]


def explained(column: TemplateColumn) -> list[str]:
    """The column's line on the sheet of explanations: must or may, what it may hold, an example."""
    holds = [column.explanation]
    if column.choices:
        holds.append(_("One of: %(words)s.") % {"words": ", ".join(column.choices)})
    elif column.is_date:
        holds.append(_("A date as day, month, year."))
    example = next((example for example in column.examples if example), "")
    shown = example if isinstance(example, str) else f"{example:%d-%m-%Y}"
    return [column.must or _("May be left blank"), " ".join(filter(None, holds)), shown]


def sheet_words(template: Template) -> TemplateTexts:
    return TemplateTexts(
        examples=_("Examples"),
        explanations=_("Explanations"),
        lists=_("Word lists"),
        introduction=(
            _("Template: %(kind)s") % {"kind": template.title},
            _("Fill in the first sheet, one row each, and import the file. The other sheets are not imported."),
            _("Headings on yellow must be filled in. Columns that you do not use may be left blank or deleted."),
            _("Never write CPR numbers."),
        ),
        explanation_headings=(_("Column"), _("Must or may"), _("What it may hold"), _("Example")),
        wrong_title=_("Another word"),
        wrong_word=_("The word is not on the list. Keep it all the same? The import asks what it means."),
    )
