"""WHERE: the site map on one screen. The stream at /events/ stands beside Django, in ``rotc.live``."""

from django.urls import include, path

from rotc.operations.doors import health, metrics
from rotc.web.health import alive

handler400 = "rotc.web.trouble.unreadable"
handler403 = "rotc.web.trouble.forbidden"
handler404 = "rotc.web.trouble.missing"
handler500 = "rotc.web.trouble.broken"

urlpatterns = [
    path("", include("rotc.today.urls")),
    path("", include("rotc.standings.urls")),  # /standing/, /board/
    path("sheet/", include("rotc.exams.urls")),
    path("changes/", include("rotc.changes.urls")),
    path("double-entry/", include("rotc.double_entry.urls")),
    path("verdicts/", include("rotc.verdicts.urls")),
    path("attendance/", include("rotc.attendance.urls")),
    path("conduct/", include("rotc.conduct.urls")),
    path("", include("rotc.roster.urls")),  # /roster/, /profile/
    path("imports/", include("rotc.imports.urls")),
    path("reports/", include("rotc.reports.urls")),
    path("terms/", include("rotc.terms.urls")),
    path("terms/<str:name>/policy/", include("rotc.policies.urls")),
    path("journal/", include("rotc.journal.urls")),
    path("notifications/", include("rotc.messages.urls")),
    path("jobs/", include("rotc.jobs.urls")),
    path("settings/backups/", include("rotc.backups.urls")),
    path("settings/", include("rotc.operations.urls")),
    path("", include("rotc.accounts.urls")),  # /people/, /code/, /setup/
    path("accounts/", include("allauth.urls")),
    path("api/v1/", include("rotc.api.urls")),
    path("api/live/", alive, name="alive"),
    path("api/health/", health, name="health"),
    path("metrics", metrics, name="metrics"),
]
