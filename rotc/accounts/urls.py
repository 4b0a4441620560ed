from django.urls import path

from rotc.accounts import doors, views

app_name = "accounts"
urlpatterns = [
    path("setup/<str:token>/", doors.first_administrator, name="setup"),
    path("code/", doors.enter_code, name="enter_code"),
    path("code/password/", doors.choose_password, name="choose_password"),
    path("accounts/email/", doors.email, name="email"),
    path("people/", views.people, name="people"),
    path("people/add/", views.add, name="add"),
    path("people/cadet-officer/", views.officer, name="officer"),
    path("people/codes/", views.code_slips, name="codes"),
    path("people/<int:pk>/", views.person, name="person"),
    path("people/<int:pk>/code/", views.issue_code, name="issue_code"),
    path("people/<int:pk>/deactivate/", views.deactivate, name="deactivate"),
    path("people/<int:pk>/reactivate/", views.reactivate, name="reactivate"),
    path("people/<int:pk>/end-sessions/", views.end_sessions, name="end_sessions"),
    path("people/<int:pk>/second-factor/", views.reset_second_factor, name="reset_second_factor"),
    path("people/appointments/<int:pk>/relieve/", views.relieve, name="relieve"),
]
