"""Pages of status reports: list, create, write with a preview, read, send, download."""

import json

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.generic import FormView, ListView, TemplateView, View

from accounts.export_base import ListExportMixin
from accounts.roles import Verb
from accounts.views_base import ScopedListMixin, ScopedObjectMixin, VerbRequiredMixin
from common import clock
from common.lists import PAGE_KEY
from common.once import run_once
from common.toasts import show_toast
from reporting.documents import FORMATS, PdfUnavailable, file_name, write_document
from reporting.documents.html import render_body
from reporting.enums import ReportStatus
from reporting.exports import REPORTS
from reporting.forms.status_reports import ReportForm, SectionsForm
from reporting.models import StatusReport
from reporting.services.status_reports import (
    ReportIsSent,
    StaleReport,
    begin_new_version,
    create_report,
    discard_report,
    fingerprints,
    record_export,
    report_contents,
    save_sections,
    send_report,
)

CONFLICT = 409
UNPROCESSABLE = 422


class ReportRowsMixin(ScopedListMixin):
    """The reports of the user's branches, drafts and sent ones."""

    verb = Verb.SEE_FIGURES

    def get_queryset(self):
        rows = StatusReport.objects.visible_to(self.request.user, self.verb)
        return rows.select_related("programme__branch", "created_by", "sent_by").defer("frozen", "sections")


class ReportListView(ReportRowsMixin, ListView):
    template_name = "reporting/status_report_list.html"
    paginate_by = 50
    page_kwarg = PAGE_KEY

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, may_write=self.request.user.may(Verb.WRITE_REPORTS))


class ReportListExportView(ListExportMixin, ReportRowsMixin, View):
    verb = Verb.SEE_FIGURES
    export = REPORTS
    list_url_name = "reporting:report-list"
    subject = StatusReport._meta.label_lower

    def get_rows(self):
        return self.get_queryset()


class ReportCreateView(VerbRequiredMixin, FormView):
    """Create a report on a programme and a period. ``?indsats=`` and ``?aar=`` preselect them."""

    verb = Verb.WRITE_REPORTS
    form_class = ReportForm
    template_name = "reporting/status_report_form.html"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"user": self.request.user}

    def get_initial(self):
        programmes = ReportForm(user=self.request.user).fields["programme"].queryset
        chosen = programmes.filter(slug=self.request.GET.get("indsats", "")).first()
        year = self.request.GET.get("aar", "")
        initial = {"programme": chosen.pk} if chosen else {}
        return initial | ({"period": f"{year}-01-01/{year}-12-31"} if year.isdigit() else {})

    def form_valid(self, form):
        cleaned = form.cleaned_data

        def act() -> str:
            report = create_report(
                cleaned["programme"], by=self.request.user, start=cleaned["start"], end=cleaned["end"]
            )
            return reverse("reporting:report-write", args=[report.pk])

        try:
            return redirect(run_once(cleaned["once"], act))
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)


class ReportView(ScopedObjectMixin, View):
    """Base of the pages of one report."""

    verb = Verb.SEE_FIGURES

    def get_queryset(self):
        return StatusReport.objects.select_related("programme__branch", "created_by", "sent_by")

    @cached_property
    def report(self) -> StatusReport:
        return self.get_object()

    @property
    def may_write(self) -> bool:
        return self.request.user.may(Verb.WRITE_REPORTS, self.report.programme.branch_id)

    def redirect_to_report(self):
        return redirect("reporting:report-detail", self.report.pk)


class DraftView(ReportView):
    """Base of the pages that change a draft."""

    verb = Verb.WRITE_REPORTS

    def dispatch(self, request, *args, **kwargs):
        try:
            return super().dispatch(request, *args, **kwargs)
        except ReportIsSent:
            messages.error(
                request, _("The report has been sent and cannot be changed. Start a new version to change it.")
            )
            return self.redirect_to_report()

    @property
    def draft(self) -> StatusReport:
        """The report. Raises ReportIsSent, which redirects to the sent report."""
        if self.report.status == ReportStatus.SENT:
            raise ReportIsSent
        return self.report


class ReportDetailView(ReportView, TemplateView):
    """The report with its downloads and the buttons to write, send or delete it."""

    template_name = "reporting/status_report_detail.html"

    def get_context_data(self, **kwargs):
        contents = report_contents(self.report)
        return super().get_context_data(
            **kwargs,
            report=self.report,
            contents=contents,
            body=render_body(contents, annex=False),
            may_write=self.may_write,
            is_sent=self.report.status == ReportStatus.SENT,
        )


class ReportWriteView(DraftView):
    """Write the texts next to a preview of the report. htmx saves while the user types; a button does without it."""

    def get(self, request, *args, **kwargs):
        title, sections = self.draft.title, self.draft.sections
        opened = json.dumps(fingerprints(title, sections))
        return self.show(SectionsForm(initial=sections | {"title": title, "opened": opened}))

    def post(self, request, *args, **kwargs):
        form = SectionsForm(request.POST)
        if not form.is_valid():
            return self.show(form, status=UNPROCESSABLE)
        cleaned = form.cleaned_data
        try:
            saved = save_sections(
                self.report,
                by=request.user,
                sections=form.sections,
                title=cleaned["title"],
                opened=cleaned["opened"],
                overwrite="overwrite" in request.POST,
            )
        except StaleReport as conflict:
            return self.show(form, status=CONFLICT, conflict=conflict)
        return self.show_saved(saved, form)

    def show_saved(self, saved: StatusReport, form: SectionsForm):
        """Answer a save, with fingerprints of the texts on this page: another user's may have been stored, too."""
        if self.request.htmx:
            opened = json.dumps(fingerprints(form.cleaned_data["title"], form.sections))
            context = self.context(saved) | {"saved_at": clock.now(), "opened": opened}
            return render(self.request, "reporting/_status_report_preview.html", context)
        show_toast(self.request, _("The report is saved."))
        return redirect("reporting:report-write", saved.pk)

    def show(self, form: SectionsForm, *, status: int = 200, conflict: StaleReport | None = None):
        """Return the page with the texts as entered; after a conflict, also with the texts that another user saved."""
        context = self.context(conflict.current if conflict else self.report) | {"form": form}
        if conflict:
            context["theirs"] = _other_texts(form, conflict)
        page = "_status_report_preview" if self.request.htmx else "status_report_write"
        return render(self.request, f"reporting/{page}.html", context, status=status)

    def context(self, report: StatusReport) -> dict:
        contents = report_contents(report)
        return {"report": report, "contents": contents, "body": render_body(contents, annex=False)}


def _other_texts(form: SectionsForm, conflict: StaleReport) -> list[tuple[str, str]]:
    """Return the label and the other user's text of each part that both have changed."""
    saved = conflict.current.sections | {"title": conflict.current.title}
    return [(form[key].label, saved.get(key, "")) for key in conflict.parts]


class ReportSendView(DraftView, TemplateView):
    """Send a report, after a page that explains what that means."""

    template_name = "reporting/status_report_send.html"

    def get_context_data(self, **kwargs):
        contents = report_contents(self.draft)
        unwritten = [section.heading for section in contents.sections if not section.text.strip()]
        return super().get_context_data(**kwargs, report=self.draft, contents=contents, unwritten=unwritten)

    def post(self, request, *args, **kwargs):
        send_report(self.report, by=request.user)
        show_toast(request, _("The report is sent: its figures and the records behind them are frozen."))
        return self.redirect_to_report()


class ReportNewVersionView(ReportView):
    """Start a draft with the texts of a sent report."""

    verb = Verb.WRITE_REPORTS

    def post(self, request, *args, **kwargs):
        draft = begin_new_version(self.report, by=request.user)
        show_toast(request, _("A new version is started. The sent report does not change."))
        return redirect("reporting:report-write", draft.pk)


class ReportDiscardView(DraftView, TemplateView):
    """Delete a draft, after a confirmation."""

    template_name = "reporting/status_report_discard.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            report=self.draft,
            heading=_("Delete the draft"),
            keep_label=pgettext("leave a form", "Cancel"),
            back_url=reverse("reporting:report-detail", args=[self.report.pk]),
            back_label=self.report.title,
            **kwargs,
        )

    def post(self, request, *args, **kwargs):
        discard_report(self.report, by=request.user)
        show_toast(request, _("The draft is deleted."))
        return redirect("reporting:report-list")


class ReportDownloadView(ReportView):
    """The report as a file: ``?format=docx|pdf|xlsx|html``, and ``bilag`` for the case numbers."""

    def get(self, request, *args, **kwargs):
        kind = request.GET.get("format", "")
        if kind not in FORMATS:
            raise Http404
        contents, annex = report_contents(self.report), "bilag" in request.GET
        try:
            data = write_document(contents, kind, annex=annex)
        except PdfUnavailable as problem:
            messages.error(request, str(problem))
            return self.redirect_to_report()
        record_export(
            self.report.programme,
            by=request.user,
            report=self.report,
            code="report_exported_with_annex" if annex else "report_exported",
            values={"file": kind},
            contents=contents,
        )
        headers = {"Content-Disposition": f'attachment; filename="{file_name(contents, kind)}"'}
        return HttpResponse(data, content_type=FORMATS[kind].content_type, headers=headers)
