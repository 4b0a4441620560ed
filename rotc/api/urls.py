from django.urls import path

from rotc.api import views
from rotc.api.bearer import by_token
from rotc.api.service import api

app_name = "api"
operations, *_ = api.urls
urlpatterns = [
    path("openapi.json", views.document, name="document"),
    path("docs/", views.docs, name="docs"),
    *[
        path(str(each.pattern), by_token(each.callback), name=each.name)
        for each in operations
        if each.name != "api-root"
    ],
]
