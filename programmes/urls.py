"""Addresses of programmes."""

from django.urls import path

from programmes import views

app_name = "programmes"

urlpatterns = [
    path("", views.ProgrammeListView.as_view(), name="programme-list"),
    path("hent/", views.ProgrammeExportView.as_view(), name="programme-export"),
    path("opret/", views.ProgrammeCreateView.as_view(), name="programme-create"),
    path("<slug:slug>/", views.ProgrammeDetailView.as_view(), name="programme-detail"),
    path("<slug:slug>/rediger/", views.ProgrammeEditView.as_view(), name="programme-edit"),
    path("<slug:slug>/opfoelgning/tilfoej/", views.StepCreateView.as_view(), name="step-create"),
    path("opfoelgning/<int:pk>/rediger/", views.StepEditView.as_view(), name="step-edit"),
    path("opfoelgning/<int:pk>/fjern/", views.StepRemoveView.as_view(), name="step-remove"),
    path("<slug:slug>/tjek/tilfoej/", views.RequirementCreateView.as_view(), name="requirement-create"),
    path("tjek/<int:pk>/rediger/", views.RequirementEditView.as_view(), name="requirement-edit"),
    path("tjek/<int:pk>/fjern/", views.RequirementRemoveView.as_view(), name="requirement-remove"),
]
