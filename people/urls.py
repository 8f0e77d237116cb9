"""Addresses of people, organisations and imports."""

from django.urls import path

from people.views import detail, editing, imports, intake, lists, organisations

app_name = "people"

urlpatterns = [
    path("", lists.PersonListView.as_view(), name="person-list"),
    path("hent/", lists.PersonExportView.as_view(), name="person-export"),
    path("soeg/", lists.SearchView.as_view(), name="search"),
    path("soeg/hent/", lists.CaseNumberExportView.as_view(), name="case-number-export"),
    path("ny/", intake.IntakeStartView.as_view(), name="person-create"),
    path("ny/kendte/", intake.PersonLookupView.as_view(), name="person-lookup"),
    path("ny/<slug:step>/", intake.IntakeView.as_view(), name="person-create-step"),
    path("<int:pk>/", detail.PersonDetailView.as_view(), name="person-detail"),
    path("<int:pk>/rediger/", editing.PersonEditView.as_view(), name="person-edit"),
    path("<int:pk>/samtykke/", editing.ConsentEditView.as_view(), name="consent-edit"),
    path("<int:pk>/kontakt/", editing.ContactView.as_view(), name="person-contact"),
    path("rolle/<int:pk>/oensker/", editing.WishesEditView.as_view(), name="wishes-edit"),
    path("rolle/<int:pk>/pause/", editing.PauseView.as_view(), name="enrolment-pause"),
    path("rolle/<int:pk>/afslut/", editing.EndView.as_view(), name="enrolment-end"),
    path("rolle/<int:pk>/genaabn/", editing.ReopenView.as_view(), name="enrolment-reopen"),
    path("organisationer/", organisations.OrganisationListView.as_view(), name="organisation-list"),
    path("organisationer/hent/", organisations.OrganisationExportView.as_view(), name="organisation-export"),
    path("organisationer/ny/", organisations.OrganisationCreateView.as_view(), name="organisation-create"),
    path("organisationer/<int:pk>/", organisations.OrganisationDetailView.as_view(), name="organisation-detail"),
    path("organisationer/<int:pk>/rediger/", organisations.OrganisationEditView.as_view(), name="organisation-edit"),
    path("import/", imports.ImportListView.as_view(), name="import-list"),
    path("import/hent/", lists.ImportExportView.as_view(), name="import-export"),
    path("import/ny/", imports.ImportCreateView.as_view(), name="import-create"),
    path("import/<int:pk>/", imports.ImportReviewView.as_view(), name="import-review"),
    path("import/<int:pk>/kolonner/", imports.ImportColumnsView.as_view(), name="import-columns"),
    path("import/<int:pk>/raekker/<int:first>-<int:last>/", imports.ImportRunView.as_view(), name="import-run"),
    path("import/<int:pk>/fejlliste/", imports.ImportErrorListView.as_view(), name="import-error-list"),
    path("import/<int:pk>/importer/", imports.ImportApplyView.as_view(), name="import-apply"),
    path("import/<int:pk>/laeg-til-side/", imports.ImportDiscardView.as_view(), name="import-discard"),
]
