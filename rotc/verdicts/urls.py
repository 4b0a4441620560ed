from django.urls import path

from rotc.verdicts import views

app_name = "verdicts"
urlpatterns = [
    path("code/<int:enrollment>/", views.set_code, name="set_code"),
    path("code/<int:enrollment>/lift/", views.lift_code, name="lift_code"),
    path("drops/", views.drops, name="drops"),
    path("drops/<int:enrollment>/", views.drop, name="drop"),
    path("drops/<int:enrollment>/withdraw/", views.withdraw_drop, name="withdraw_drop"),
]
