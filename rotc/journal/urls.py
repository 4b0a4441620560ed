from django.urls import path

from rotc.journal import views

app_name = "journal"
urlpatterns = [
    path("enrollment/<int:enrollment>/", views.enrollment, name="enrollment"),
    path("cadet/<int:cadet>/", views.cadet, name="cadet"),
    path("score/<int:enrollment>/<int:exam>/", views.score, name="score"),
    path("day/<int:day>/", views.day, name="day"),
    path("term/<str:name>/", views.term, name="term"),
]
