"""Addresses of the reports."""

from django.urls import path

from reporting.views import status_reports, target_rules, targets

app_name = "reporting"

urlpatterns = [
    path("", targets.TargetListView.as_view(), name="target-list"),
    path("hent/", targets.TargetsExportView.as_view(), name="target-list-export"),
    path("excel/", targets.TargetsExportView.as_view(), {"kind": "xlsx"}, name="targets-export"),
    path("maal/<int:pk>/hent/", targets.EvidenceExportView.as_view(), name="evidence-list-export"),
    path("maal/<int:pk>/excel/", targets.EvidenceExportView.as_view(), {"kind": "xlsx"}, name="evidence-export"),
    path("maal/<int:pk>/rediger/", target_rules.TargetEditView.as_view(), name="target-edit"),
    path("maal/<int:pk>/fjern/", target_rules.TargetRemoveView.as_view(), name="target-remove"),
    path("indsats/<slug:slug>/maal/tilfoej/", target_rules.TargetCreateView.as_view(), name="target-create"),
    path("status/", status_reports.ReportListView.as_view(), name="report-list"),
    path("status/hent/", status_reports.ReportListExportView.as_view(), name="report-list-export"),
    path("status/ny/", status_reports.ReportCreateView.as_view(), name="report-create"),
    path("status/<int:pk>/", status_reports.ReportDetailView.as_view(), name="report-detail"),
    path("status/<int:pk>/skriv/", status_reports.ReportWriteView.as_view(), name="report-write"),
    path("status/<int:pk>/send/", status_reports.ReportSendView.as_view(), name="report-send"),
    path("status/<int:pk>/ny-version/", status_reports.ReportNewVersionView.as_view(), name="report-new-version"),
    path("status/<int:pk>/slet/", status_reports.ReportDiscardView.as_view(), name="report-discard"),
    path("status/<int:pk>/hent/", status_reports.ReportDownloadView.as_view(), name="report-download"),
]
