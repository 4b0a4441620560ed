from django.urls import path

from rotc.standings import views

app_name = "standings"
urlpatterns = [
    path("standing/", views.own, name="own"),
    path("standing/<int:enrollment>/", views.of, name="of"),
    path("board/", views.board, name="board"),
]
