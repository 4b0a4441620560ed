from django.urls import path

from rotc.jobs import views

app_name = "jobs"
urlpatterns = [
    path("", views.jobs, name="list"),
    path("schedules/", views.scheduled, name="schedules"),
    path("schedules/<str:kind>/run/", views.run_now, name="run_now"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/cancel/", views.cancel, name="cancel"),
    path("<int:pk>/again/", views.run_again, name="run_again"),
]
