from django.urls import path

from rotc.terms import views

app_name = "terms"
urlpatterns = [
    path("", views.terms, name="list"),
    path("new/", views.new, name="new"),
    path("<str:name>/", views.detail, name="detail"),
    path("<str:name>/cadets/", views.cadets, name="cadets"),
    path("<str:name>/cadets/carry/", views.carry, name="carry"),
    path("<str:name>/recompute/", views.recompute, name="recompute"),
]
