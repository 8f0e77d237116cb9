from django.urls import path

from desk import views

app_name = "desk"

urlpatterns = [
    path("", views.TodayView.as_view(), name="today"),
    path("soeg/", views.SearchView.as_view(), name="search"),
    path("tal/", views.TaskCountsView.as_view(), name="task-counts"),
]
