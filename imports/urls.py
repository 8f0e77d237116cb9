"""Addresses of imports."""

from django.urls import path

from imports import views

app_name = "imports"
urlpatterns = [
    path("", views.ImportListView.as_view(), name="import-list"),
    path("hent/", views.ImportExportView.as_view(), name="import-export"),
    path("ny/", views.ImportCreateView.as_view(), name="import-create"),
    path("ny/<uuid:once>/", views.ImportReadingView.as_view(), name="import-reading"),
    path("skabelon/<slug:kind>/", views.ImportTemplateView.as_view(), name="import-template"),
    path("<int:pk>/", views.ImportReviewView.as_view(), name="import-review"),
    path("<int:pk>/kolonner/", views.ImportColumnsView.as_view(), name="import-columns"),
    path("<int:pk>/fremdrift/", views.ImportProgressView.as_view(), name="import-progress"),
    path("<int:pk>/raekke/<int:number>/", views.ImportRowView.as_view(), name="import-row"),
    path("<int:pk>/raekke/<int:number>/afgoer/", views.ImportDecideView.as_view(), name="import-decide"),
    path("<int:pk>/raekke/<int:number>/spoerg/", views.ImportAskView.as_view(), name="import-ask"),
    path("<int:pk>/fortryd/", views.ImportUndoView.as_view(), name="import-undo"),
    path("<int:pk>/raekker/<int:first>-<int:last>/", views.ImportRunView.as_view(), name="import-run"),
    path("<int:pk>/fejlliste/", views.ImportErrorListView.as_view(), name="import-error-list"),
    path("<int:pk>/importer/", views.ImportApplyView.as_view(), name="import-apply"),
    path("<int:pk>/laeg-til-side/", views.ImportDiscardView.as_view(), name="import-discard"),
]
