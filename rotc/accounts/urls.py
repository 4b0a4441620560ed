from django.urls import path

from rotc.accounts import doors, views

app_name = "accounts"
urlpatterns = [
    path("setup/<str:token>/", doors.first_administrator, name="setup"),
    path("code/", doors.enter_code, name="enter_code"),
    path("code/password/", doors.choose_password, name="choose_password"),
    path("signed-in/", doors.signed_in, name="signed_in"),
    path("accounts/email/", doors.email, name="email"),
    path("accounts/profile/", doors.own_record, name="own_record"),
    path("accounts/tokens/", doors.tokens, name="tokens"),
    path("accounts/tokens/<int:pk>/revoke/", doors.revoke_token, name="revoke_token"),
    path("people/", views.people, name="people"),
    path("people/add/", views.add, name="add"),
    path("people/cadet-officer/", views.officer, name="officer"),
    path("people/codes/", views.cadets_codes, name="codes"),
    path("people/codes/slips/", views.many_codes, {"deed": "slips"}, name="many_slips"),
    path("people/codes/letters/", views.many_codes, {"deed": "letters"}, name="many_letters"),
    path("people/codes/revoke/", views.many_codes, {"deed": "revoke"}, name="many_revoked"),
    path("people/<int:pk>/", views.person, name="person"),
    path("people/<int:pk>/code/", views.issue_code, name="issue_code"),
    path("people/<int:pk>/code/revoke/", views.revoke_code, name="revoke_code"),
    path("people/<int:pk>/deactivate/", views.deactivate, name="deactivate"),
    path("people/<int:pk>/reactivate/", views.reactivate, name="reactivate"),
    path("people/<int:pk>/end-sessions/", views.end_sessions, name="end_sessions"),
    path("people/<int:pk>/second-factor/", views.reset_second_factor, name="reset_second_factor"),
    path("people/<int:pk>/record/", views.record, name="record"),
    path("people/sessions/<int:pk>/end/", views.end_session, name="end_session"),
    path("people/appointments/<int:pk>/relieve/", views.relieve, name="relieve"),
]
