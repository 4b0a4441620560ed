from django.urls import path

from rotc.roster import own, views

app_name = "roster"
urlpatterns = [
    path("roster/", views.cadets, name="list"),
    path("roster/units/", views.units, name="units"),
    path("roster/add/", views.add, name="add"),
    path("roster/bulk/", views.bulk, name="bulk"),
    path("roster/<int:pk>/", views.cadet, name="cadet"),
    path("roster/<int:pk>/edit/", views.change, name="change"),
    path("roster/<int:pk>/photo/", views.photo, name="photo"),
    path("roster/<int:pk>/erase/", views.erase, name="erase"),
    path("profile/", own.profile, name="own"),
    path("profile/photo/", own.photo, name="own_photo"),
]
