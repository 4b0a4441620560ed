from django.urls import path

from rotc.double_entry import views

app_name = "double_entry"
urlpatterns = [
    path("", views.entries, name="list"),
    path("new/", views.new, name="new"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/paper/", views.paper, name="paper"),
    path("<int:pk>/type/", views.typing, name="type"),
    path("<int:pk>/compare/", views.compare, name="compare"),
    path("<int:pk>/withdraw/", views.withdraw, name="withdraw"),
]
