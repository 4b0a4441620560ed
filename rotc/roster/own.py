"""A cadet's own profile: their own address, no number in it."""

from django.contrib import messages
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from rotc import access
from rotc.refusals import NotNow, Refusal
from rotc.roster import photos, profiles
from rotc.roster.answers import picture
from rotc.roster.fact_forms import OwnProfile
from rotc.roster.forms import Photo
from rotc.web.answers import done


@require_http_methods(["GET", "POST"])
def profile(request):
    """Read it; until it is locked, fill it in. “Complete” asks for all that is needed, and locks it."""
    cadet = access.own_cadet(request.user)
    if cadet.profile_locked_at or cadet.archived_at:
        if request.method == "POST":
            raise NotNow("Your profile is locked. Nothing was changed; the office can open it again.")
        facts = {"cadet": cadet, "place": profiles.own_place(cadet)}
        return render(request, "roster/own_locked.html", facts)
    given = request.POST if request.method == "POST" else None
    complete = request.POST.get("then") == "complete"
    form = OwnProfile(given, cadet=cadet, enrollment=profiles.own_place(cadet), complete=complete)
    photo = Photo(given, request.FILES)
    kept = form.is_bound and _keep_photo(request, cadet, photo)
    if form.is_valid() and photo.is_valid() and _fill_in(request, cadet, form, complete):
        said = (
            "Your profile is confirmed. Thank you." if complete else "Saved. Confirm it once it is complete."
        )
        return done(request, said, "roster:own")
    if kept:
        messages.success(request, "Your photo is saved; the rest is not yet.")
        cadet.refresh_from_db()
    facts = {"form": form, "photo": photo, "cadet": cadet, "place": profiles.own_place(cadet)}
    return render(request, "roster/own.html", facts, status=422 if form.is_bound else 200)


def _keep_photo(request, cadet, form) -> bool:
    """Whether a photo came along and is kept. It is a fact of its own: a missing birthdate does not lose it."""
    upload = form.is_valid() and form.cleaned_data["photo"]
    if not upload:
        return False
    try:
        photos.keep_photo(cadet, upload, by=request.user, how="own profile")
    except Refusal as refusal:
        form.add_error("photo", str(refusal))
        return False
    return True


def _fill_in(request, cadet, form, complete) -> bool:
    try:
        profiles.fill_in(cadet, form.altered(), complete=complete, by=request.user)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


@require_GET
def photo(request):
    return picture(request, access.own_cadet(request.user))
