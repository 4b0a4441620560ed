from django.urls import path

from rotc.policies import views

app_name = "policies"
urlpatterns = [
    path("", views.policy, name="policy"),
    path("begin/", views.begin, name="begin"),
    path("draft/", views.draft, name="draft"),
    path("draft/withdraw/", views.withdraw, name="withdraw"),
    path("flips/", views.flips, name="flips"),
]
