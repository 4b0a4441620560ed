from django.urls import path

from rotc.backups import views

app_name = "backups"
urlpatterns = [
    path("", views.backups, name="list"),
    path("now/", views.back_up_now, name="now"),
    path("<str:name>.zip", views.take, name="take"),
]
