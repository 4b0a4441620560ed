from django.urls import path

from rotc.operations import views

app_name = "operations"
urlpatterns = [
    path("", views.settings, name="settings"),
    path("signatories/", views.add, name="add-signatory"),
    path("signatories/<int:pk>/", views.change, name="change-signatory"),
    path("signatories/<int:pk>/up/", views.move_up, name="move-signatory-up"),
    path("signatories/<int:pk>/remove/", views.remove, name="remove-signatory"),
]
