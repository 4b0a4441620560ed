from django.urls import path

from rotc.exams import views

app_name = "exams"
urlpatterns = [
    path("", views.sheet, name="sheet"),
    path("cells/", views.cells, name="cells"),
    path("changes/", views.changes, name="changes"),
    path("exams/new/", views.new_exam, name="new_exam"),
    path("exams/<int:exam>/", views.edit_exam, name="edit_exam"),
    path("exams/<int:exam>/drop/", views.drop_exam, name="drop_exam"),
]
