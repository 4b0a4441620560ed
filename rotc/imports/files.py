"""The given file itself: kept for another check and for whoever asks later what was given."""

from pathlib import PurePath

from django.utils.http import content_disposition_header

from rotc.refusals import NotNow
from rotc.web import store


def bare(name: str) -> str:
    """A file's name without the folders that some browsers send along, and without signs that cannot be shown."""
    name = PurePath(name.replace("\\", "/")).name
    return "".join(sign for sign in name if sign.isprintable())


def keep(data: bytes) -> str:
    return store.keep("imports", data)


def kept(plan) -> bytes:
    """The file of a plan. Raises ``NotNow`` when it is gone, ``StoreIsGone`` when its store is away."""
    try:
        return store.fetch(plan.notes["file"])
    except FileNotFoundError:
        raise NotNow(f"{plan.file_name} is not kept any more. Give the file again.") from None


def disposition(name: str) -> str:
    """The header under which a browser keeps the file as it was named, ñ and all."""
    return content_disposition_header(as_attachment=True, filename=name)


def size(plan) -> int:
    """Bytes of a plan's file, 0 where it is gone."""
    try:
        return store.size(plan.notes["file"])
    except FileNotFoundError:
        return 0


def drop(plan) -> bool:
    """Two plans may share a file (one was checked again): the last of them takes it along.

    False: its store is away, and the file is still there.
    """
    name = plan.notes["file"]
    shared = type(plan).objects.filter(notes__file=name).exclude(pk=plan.pk).exists()
    return shared or store.drop(name)
