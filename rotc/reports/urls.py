from django.urls import path

from rotc.reports import views

app_name = "reports"
urlpatterns = [
    path("", views.papers, name="papers"),
    path("<slug:slug>/", views.paper, name="paper"),
    path("<slug:slug>.<str:written_as>", views.download, name="download"),
]
