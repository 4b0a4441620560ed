from django.urls import path

from rotc.roster import views

app_name = "roster"
urlpatterns = [
    path("", views.cadets, name="list"),
    path("units/", views.units, name="units"),
    path("<int:pk>/", views.cadet, name="cadet"),
    path("<int:pk>/edit/", views.change, name="change"),
]
