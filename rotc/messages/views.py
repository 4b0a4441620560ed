from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from rotc import access, downloads
from rotc.messages import actions, columns, queries
from rotc.messages.digest import of as digest_of


@require_GET
def notifications(request):
    """What the signed-in person was told, newest first."""
    if downloads.asked(request):
        return downloads.answer(request, "Notifications", columns.NOTIFICATIONS, queries.of(request.user))
    page = Paginator(queries.of(request.user), 50).get_page(request.GET.get("page"))
    template = "messages/list.html#rows" if request.htmx else "messages/list.html"
    facts = {"unread": queries.unread(request.user), "digest": digest_of(request.user)}
    return render(request, template, {"page": page, **facts})


@require_GET
def tray(request):
    """The count for an open page, and what came in this very moment."""
    facts = {"unread": queries.unread(request.user), "news": queries.news(request.user)}
    return render(request, "messages/_tray.html", facts)


@require_POST
def follow(request, pk):
    """Read one and go where it leads."""
    notification = access.notification(request.user, pk)
    actions.mark_read(notification)
    return redirect(notification.path or "messages:list")


@require_POST
def read_all(request):
    actions.mark_all_read(by=request.user, up_to=access.number_asked(request.POST.get("up_to", "")))
    return redirect("messages:list")


@require_POST
def digest(request):
    """Ask for the morning letter, or for none any more."""
    actions.ask_for_digest(by=request.user, wanted=request.POST.get("wanted") == "1")
    return redirect("messages:list")
