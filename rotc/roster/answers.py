import hashlib

from django.http import Http404, HttpResponse
from django.utils.cache import get_conditional_response

from rotc.roster import photos


def picture(request, cadet):
    """The kept photo to a browser that asks each time whether it is still that one.

    Read through, never by a redirect to the store: pages show pictures of their own address only.
    """
    if not cadet.photo:
        raise Http404
    # The name in the store is nobody's to read, so the tag is made of it without saying it.
    etag = f'"{hashlib.sha256(cadet.photo.encode()).hexdigest()[:20]}"'
    answer = get_conditional_response(request, etag=etag)
    if answer is None:
        found = photos.photo_of(cadet)
        if found is None:
            raise Http404
        answer = HttpResponse(found, content_type="image/jpeg")
    answer["ETag"] = etag
    answer["Cache-Control"] = "private, no-cache"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
