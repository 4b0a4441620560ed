from django.urls import path

from rotc.attendance import views

app_name = "attendance"
urlpatterns = [
    path("", views.days, name="days"),
    path("plan/", views.plan, name="plan"),
    path("<int:day>/", views.muster, name="muster"),
    path("<int:day>/rest/", views.rest, name="rest"),
    path("<int:day>/marks/", views.marks, name="marks"),
    path("<int:day>/marks/<int:enrollment>/", views.mark, name="mark"),
    path("<int:day>/change/", views.change, name="change"),
    path("<int:day>/cancel/", views.cancel, name="cancel"),
    path("<int:day>/bring-back/", views.bring_back, name="bring_back"),
]
