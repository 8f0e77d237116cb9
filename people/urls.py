"""Addresses of people and organisations."""

from django.urls import path, re_path
from django.urls.converters import UUIDConverter

from people.views import (
    corrections,
    detail,
    editing,
    groups,
    intake,
    lists,
    merging,
    organisations,
    questions,
    states,
    transfers,
)

app_name = "people"

UUID = UUIDConverter.regex

urlpatterns = [
    path("", lists.PersonListView.as_view(), name="person-list"),
    path("hent/", lists.PersonExportView.as_view(), name="person-export"),
    path("sagsnumre/", lists.CaseNumberSearchView.as_view(), name="case-number-search"),
    path("sagsnumre/hent/", lists.CaseNumberExportView.as_view(), name="case-number-export"),
    path("ny/", intake.IntakeStartView.as_view(), name="person-create"),
    path("ny/<uuid:key>/", intake.IntakeView.as_view(), name="person-create-draft"),
    path("ny/<uuid:key>/slet/", intake.IntakeDiscardView.as_view(), name="person-create-discard"),
    re_path(
        rf"^ny/(?P<key>{UUID})/(?P<step>hvem|rolle|oensker|samtykke)/$",
        intake.IntakeStepView.as_view(),
        name="person-create-step",
    ),
    path("<int:pk>/", detail.PersonDetailView.as_view(), name="person-detail"),
    path("<int:pk>/rediger/", editing.PersonEditView.as_view(), name="person-edit"),
    path("<int:pk>/slet/", editing.PersonRemoveView.as_view(), name="person-remove"),
    path("<int:pk>/samtykke/", editing.ConsentEditView.as_view(), name="consent-edit"),
    path("samtykke/<int:pk>/ret/", corrections.ConsentCorrectView.as_view(), name="consent-correct"),
    path("<int:pk>/kontakt/", editing.ContactView.as_view(), name="person-contact"),
    path("<int:pk>/tilstand/", states.PersonStateView.as_view(), name="person-state"),
    path("tilstand/<int:pk>/", states.PersonStateDetailView.as_view(), name="person-state-detail"),
    path("tilstand/<int:pk>/ophaev/", states.PersonStateLiftView.as_view(), name="person-state-lift"),
    path("<int:pk>/laeg-sammen/", merging.MergeChooseView.as_view(), name="merge-choose"),
    path("<int:pk>/laeg-sammen/<int:other>/", merging.MergeView.as_view(), name="merge"),
    path("<int:pk>/to-forskellige/<int:other>/", merging.MarkDistinctView.as_view(), name="mark-distinct"),
    path("sammenlaegning/<int:pk>/fortryd/", merging.MergeUndoView.as_view(), name="merge-undo"),
    path("mulige-dubletter/", merging.DuplicateListView.as_view(), name="duplicate-list"),
    path("mulige-dubletter/antal/", merging.DuplicateCountView.as_view(), name="duplicate-count"),
    path("mulige-dubletter/<int:pk>/fortryd/", merging.UnmarkDistinctView.as_view(), name="unmark-distinct"),
    path("spoergsmaal/", questions.QuestionListView.as_view(), name="question-list"),
    path("spoergsmaal/<int:pk>/svar/", questions.QuestionAnswerView.as_view(), name="question-answer"),
    path("spoergsmaal/<int:pk>/traek-tilbage/", questions.QuestionWithdrawView.as_view(), name="question-withdraw"),
    path("<int:pk>/flyt-afdeling/", transfers.TransferAskView.as_view(), name="transfer-ask"),
    path("flytninger/", transfers.TransferListView.as_view(), name="transfer-list"),
    path("flytninger/<int:pk>/svar/", transfers.TransferAnswerView.as_view(), name="transfer-answer"),
    path("flytninger/<int:pk>/traek-tilbage/", transfers.TransferWithdrawView.as_view(), name="transfer-withdraw"),
    path("rolle/<int:pk>/oensker/", editing.WishesEditView.as_view(), name="wishes-edit"),
    path("rolle/<int:pk>/ret/", corrections.ApplicationCorrectView.as_view(), name="application-correct"),
    path("rolle/periode/<int:pk>/ret/", corrections.PeriodCorrectView.as_view(), name="period-correct"),
    path("rolle/<int:pk>/pause/", editing.EnrolmentPauseView.as_view(), name="enrolment-pause"),
    path("rolle/<int:pk>/afslut/", editing.EnrolmentEndView.as_view(), name="enrolment-end"),
    path("rolle/<int:pk>/genaabn/", editing.EnrolmentReopenView.as_view(), name="enrolment-reopen"),
    path("organisationer/", organisations.OrganisationListView.as_view(), name="organisation-list"),
    path("organisationer/hent/", organisations.OrganisationExportView.as_view(), name="organisation-export"),
    path("organisationer/ny/", organisations.OrganisationCreateView.as_view(), name="organisation-create"),
    path("organisationer/<int:pk>/", organisations.OrganisationDetailView.as_view(), name="organisation-detail"),
    path("organisationer/<int:pk>/rediger/", organisations.OrganisationEditView.as_view(), name="organisation-edit"),
    path("grupper/", groups.GroupListView.as_view(), name="group-list"),
    path("grupper/hent/", groups.GroupExportView.as_view(), name="group-export"),
    path("grupper/ny/", groups.GroupCreateView.as_view(), name="group-create"),
    path("grupper/<int:pk>/", groups.GroupDetailView.as_view(), name="group-detail"),
    path("grupper/<int:pk>/rediger/", groups.GroupEditView.as_view(), name="group-edit"),
]
