"""Who takes lists of others by program: it stands in the journal beside those who take them as files."""

from hashlib import blake2s

from django.core.cache import cache

from rotc import downloads

SAME = (
    600  # seconds in which the same list asked for again is the same taking: a program may ask every minute
)


def note_taken(request, title, term, said) -> None:
    asked = blake2s(request.get_full_path().encode()).hexdigest()
    key = f"taken:{request.user.pk}:{asked}"
    if not cache.get(key):
        downloads.record(request, title, term, said, how="api")
        cache.set(key, True, SAME)
