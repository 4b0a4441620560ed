from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from rotc import access
from rotc.roster import profiles
from rotc.today import queries
from rotc.web.answers import done


@require_GET
def today(request):
    """What is missing, for whoever has a role; a cadet goes to their standing."""
    profile_waits = profiles.waits(request.user)
    if not access.is_staff(request.user):
        return redirect("roster:own" if profile_waits and _not_yet_led(request) else "standings:own")
    term = access.term(request.user)
    if term is None:
        facts = {"invented": queries.may_load_invented(request.user, term)}
        return render(request, "today/first.html", facts)
    coming, last = queries.days_around(term)
    facts = {"term": term, "lines": queries.missing(request.user, term), "coming": coming, "last": last}
    facts |= {"profile_waits": profile_waits}
    return render(request, "today/today.html", facts | queries.beginnings(request.user, term))


def _not_yet_led(request) -> bool:
    """True once a sign-in: a cadet is led to their profile then, and never stopped by it."""
    first = not request.session.get("led_to_profile")
    if first:
        request.session["led_to_profile"] = True
    return first


@require_POST
def load_invented(request):
    """Fill an empty system with an invented battalion."""
    access.check(queries.may_load_invented(request.user, access.term(request.user)))
    from rotc.demo.battalion import load

    load(cadets=300, seed=1, today=queries.this_day(), by=request.user)
    return done(request, "The invented battalion is loaded: 300 cadets who do not exist.", "today:today")
