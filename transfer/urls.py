from django.urls import path

from transfer import views

app_name = "transfer"

urlpatterns = [path("", views.BranchFileView.as_view(), name="branch-file")]
