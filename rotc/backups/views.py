from django.conf import settings
from django.http import StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST

from rotc import access, downloads
from rotc.backups import actions, columns, places
from rotc.backups.places import Why
from rotc.backups.sending import parts
from rotc.jobs.actions import ask
from rotc.web.answers import done


@require_GET
@access.needs(access.KEEP_BACKUPS)
def backups(request):
    found = places.newest_first()
    if downloads.asked(request):
        return downloads.answer(request, "Backups", columns.BACKUPS, found)
    facts = {
        "backups": found,
        "late": places.is_late(found, timezone.now()),
        "lasts": places.lasts(),
        "seen": places.lasts() or settings.EMBEDDED_WORKER,
    }
    return render(request, "backups/list.html", facts)


@require_POST
@access.needs(access.KEEP_BACKUPS)
def back_up_now(request):
    job = ask("back up", by=request.user, why=Why.ASKED)
    return done(request, "It is backed up in a moment; work goes on meanwhile.", "jobs:detail", job.pk)


@require_GET
def take(request, name):
    """A backup to keep elsewhere. Who took it stands in the journal."""
    backup = access.backup(request.user, name)
    actions.taken(backup, by=request.user)
    answer = StreamingHttpResponse(parts(backup), content_type="application/zip")
    answer["Content-Disposition"] = content_disposition_header(True, f"{backup.name}.zip")
    answer["Content-Length"] = str(backup.size)
    return answer
