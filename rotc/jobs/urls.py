from django.urls import path

from rotc.jobs import views

app_name = "jobs"
urlpatterns = [
    path("", views.jobs, name="list"),
    path("<int:pk>/", views.detail, name="detail"),
]
