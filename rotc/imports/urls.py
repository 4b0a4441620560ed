from django.urls import path, re_path

from rotc.imports import views

app_name = "imports"
urlpatterns = [
    path("", views.past, name="past"),
    path("roster/", views.give_roster, name="roster"),
    re_path(r"^roster/roster\.(?P<suffix>csv|xlsx)$", views.blank_roster, name="blank_roster"),
    path("<int:pk>/", views.plan, name="plan"),
    path("<int:pk>/check/", views.check_again, name="check_again"),
    path("<int:pk>/commit/", views.commit, name="commit"),
    path("<int:pk>/problems.csv", views.problems, name="problems"),
]
