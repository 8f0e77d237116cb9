from django.urls import path

from transfer import views

app_name = "transfer"

urlpatterns = [path("", views.FetchBranch.as_view(), name="fetch-branch")]
