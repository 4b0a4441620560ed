from django.urls import path

from rotc.operations import views

app_name = "operations"
urlpatterns = [
    path("", views.settings, name="settings"),
    path("operations/", views.now, name="now"),
    path("maintenance/", views.close, name="maintenance"),
    path("maintenance/end/", views.end_maintenance, name="end-maintenance"),
    path("lists/", views.lists, name="lists"),
    path("lists/values/<int:pk>/up/", views.move_value_up, name="move-value-up"),
    path("lists/values/<int:pk>/take-off/", views.take_value_off, name="take-value-off"),
    path("signatories/", views.add, name="add-signatory"),
    path("signatories/<int:pk>/", views.change, name="change-signatory"),
    path("signatories/<int:pk>/up/", views.move_up, name="move-signatory-up"),
    path("signatories/<int:pk>/remove/", views.remove, name="remove-signatory"),
]
