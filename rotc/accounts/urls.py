from django.urls import path

from rotc.accounts import views

app_name = "accounts"
urlpatterns = [
    path("setup/<str:token>/", views.first_administrator, name="setup"),
]
