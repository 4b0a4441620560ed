from django.urls import path

from rotc.changes import views

app_name = "changes"
urlpatterns = [
    path("", views.listed, name="list"),
    path("fill/", views.fill, name="fill"),
    path("undo-last/", views.undo_last, name="undo_last"),
    path("<uuid:act>/", views.act, name="act"),
    path("<uuid:act>/undo/", views.undo, name="undo"),
]
