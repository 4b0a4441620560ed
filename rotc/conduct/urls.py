from django.urls import path

from rotc.conduct import views

app_name = "conduct"
urlpatterns = [
    path("", views.ledger, name="ledger"),
    path("new/", views.new, name="new"),
    path("<int:entry>/", views.entry, name="entry"),
    path("<int:entry>/approve/", views.approve, name="approve"),
    path("<int:entry>/decline/", views.decline, name="decline"),
    path("<int:entry>/reverse/", views.reverse, name="reverse"),
    path("catalogue/", views.catalogue, name="catalogue"),
    path("catalogue/new/", views.new_citation, name="new_citation"),
    path("catalogue/<int:citation>/", views.citation, name="citation"),
    path("catalogue/<int:citation>/withdraw/", views.withdraw, name="withdraw"),
    path("catalogue/<int:citation>/restore/", views.restore, name="restore"),
]
