from django.urls import path, re_path

from rotc.imports import views

KIND = r"(?P<kind>roster|scores|conduct|attendance|rotcmis)"

app_name = "imports"
urlpatterns = [
    path("", views.past, name="past"),
    re_path(rf"^{KIND}/$", views.give, name="give"),
    re_path(rf"^{KIND}/blank\.(?P<suffix>csv|xlsx)$", views.blank, name="blank"),
    path("paste/", views.paste, name="paste"),
    path("<int:pk>/", views.plan, name="plan"),
    path("<int:pk>/check/", views.check_again, name="check_again"),
    path("<int:pk>/commit/", views.commit, name="commit"),
    path("<int:pk>/undo/", views.undo, name="undo"),
    path("<int:pk>/file/", views.file, name="file"),
    path("<int:pk>/log/", views.log, name="log"),
    path("<int:pk>/problems.csv", views.problems, name="problems"),
]
