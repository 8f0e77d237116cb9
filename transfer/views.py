"""The page from which an administrator downloads the branch file."""

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from accounts.roles import Verb
from accounts.views_base import VerbRequiredMixin
from common import clock
from transfer.services import count_rows, export_branch


class BranchFileView(VerbRequiredMixin, TemplateView):
    """The file of the current branch: GET shows its content, POST logs and downloads it."""

    verb = Verb.EXPORT_BRANCH
    template_name = "transfer/branch_file.html"

    def dispatch(self, request, *args, **kwargs):
        membership = request.membership
        if membership is None or not request.user.may(self.verb, membership.branch_id):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def post(self, request) -> HttpResponse:
        branch = request.membership.branch
        exported = export_branch(branch, by=request.user)
        name = _("Branch %(branch)s %(day)s") % {"branch": branch.name, "day": f"{clock.today():%Y-%m-%d}"}
        return FileResponse(exported.file, as_attachment=True, filename=f"{name}.zip", content_type="application/zip")

    def get_context_data(self, **kwargs):
        counts = count_rows(self.request.membership.branch)
        return super().get_context_data(**kwargs, counts=counts, row_count=sum(count for _table, count in counts))
