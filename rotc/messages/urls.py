from django.urls import path

from rotc.messages import views

app_name = "messages"
urlpatterns = [
    path("", views.notifications, name="list"),
    path("tray/", views.tray, name="tray"),
    path("read/", views.read_all, name="read_all"),
    path("digest/", views.digest, name="digest"),
    path("<int:pk>/", views.follow, name="follow"),
]
