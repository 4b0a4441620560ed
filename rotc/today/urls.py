from django.urls import path

from rotc.today import views

app_name = "today"
urlpatterns = [
    path("", views.today, name="today"),
    path("invented/", views.load_invented, name="load_invented"),
]
