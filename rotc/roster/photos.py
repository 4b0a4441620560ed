"""Photos: read with hard limits, made small and new, and kept where nobody finds them but through a right."""

import logging
import re
import threading
import warnings
from io import BytesIO

from django.db import transaction
from PIL import Image, ImageOps

from rotc import reactions
from rotc.journal import actions as journal
from rotc.refusals import Archived, BadValue, NotNow
from rotc.roster import facts
from rotc.web import store

log = logging.getLogger(__name__)
FORMATS = ["JPEG", "PNG", "WEBP"]
MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 24_000_000
MOST_SCANS = 50  # a camera writes a dozen, and the decoder goes over the whole picture for each
SEGMENT = re.compile(rb"\xff[\x02-\xcf\xd8-\xfe]")
LONGEST_SIDE = 480
QUALITY = 80
PLAIN = {"RGB", "RGBA", "L", "CMYK"}  # modes that are shrunk as they are
NO_PICTURE = "This is not a picture that can be read. Choose a JPEG, PNG or WebP photo."
# A picture of 24 million pixels is 100 MB once decoded: one at a time in a process.
_decoding = threading.Lock()
warnings.simplefilter("error", Image.DecompressionBombWarning)


def read_picture(upload) -> bytes:
    """The picture as it is kept: a small JPEG without anything but its pixels. Raises ``BadValue``."""
    if upload.size > MOST_BYTES:
        raise BadValue("This photo is larger than 10 MB. Choose a smaller one.")
    with _decoding:
        try:
            # Decoders meet broken files with errors of every kind; whichever it is, it is no picture.
            return _small(upload)
        except BadValue:
            raise
        except Exception as error:
            log.info("a photo was refused: %s", type(error).__name__)
            raise BadValue(NO_PICTURE) from None


def _small(upload) -> bytes:
    _refuse_many_scans(upload)
    upload.seek(0)
    with Image.open(upload, formats=FORMATS) as picture:
        width, height = picture.size
        if width * height > MOST_PIXELS:
            raise BadValue(
                f"This picture has {width} × {height} points, more than 24 million. Choose a smaller one."
            )
        picture.draft("RGB", (2 * LONGEST_SIDE, 2 * LONGEST_SIDE))
        shrunk = picture if picture.mode in PLAIN else _plain(picture)
        shrunk.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        upright = ImageOps.exif_transpose(shrunk).convert("RGBA")
    # Onto a new image: what the file said beside its pixels (place, camera, comments) stays behind.
    clean = Image.new("RGB", upright.size, "white")
    clean.paste(upright, mask=upright)
    kept = BytesIO()
    clean.save(kept, "JPEG", quality=QUALITY, optimize=True)
    return kept.getvalue()


def _refuse_many_scans(upload) -> None:
    upload.seek(0)
    if _scans(upload.read()) > MOST_SCANS:
        raise BadValue(NO_PICTURE)


def _scans(data: bytes) -> int:
    """How many times a JPEG's decoder would go over the picture; what stands after its end counts for nothing."""
    found, at = 0, 2
    while data.startswith(b"\xff\xd8") and (mark := SEGMENT.search(data, at)) and mark[0] != b"\xff\xd9":
        found += mark[0] == b"\xff\xda"
        at = mark.end() + int.from_bytes(data[mark.end() : mark.end() + 2])
    return found


def _plain(picture):
    if picture.mode.startswith("I"):
        # 16 bits of grey: what is not brought down to eight first comes out white.
        return picture.convert("I").point(lambda level: level * (1 / 257)).convert("L")
    return picture.convert("RGBA")


def keep_photo(cadet, upload, *, by, how: str = "page") -> None:
    """Keep a photo of the cadet in the place of the one before, whose file goes after the commit."""
    own = by is not None and by.cadet_id == cadet.pk
    name = store.keep("photos", read_picture(upload), ".jpg")
    try:
        with transaction.atomic():
            _replace(cadet, name, own=own, by=by, how=how)
    except BaseException:
        store.drop(name)
        raise


def remove_photo(cadet, *, by, how: str = "page") -> None:
    with transaction.atomic():
        _replace(cadet, "", own=by is not None and by.cadet_id == cadet.pk, by=by, how=how)


def _replace(cadet, name, *, own, by, how) -> None:
    cadet, _ = facts.locked(cadet.pk)
    if own and cadet.profile_locked_at:
        raise NotNow("Your profile was confirmed already. Nothing was changed.")
    if cadet.archived_at:
        raise Archived(cadet)
    before, cadet.photo = cadet.photo, name
    if before == name:
        return
    cadet.save(update_fields=["photo"])
    journal.write(
        "photo changed" if name else "photo removed",
        f"cadet:{cadet.pk}",
        by=by,
        how=how,
        cadet_id=cadet.pk,
        changes={"photo": ("a photo" if before else None, "a new photo" if name else None)},
    )
    reactions.cadets_changed([cadet.pk])
    transaction.on_commit(lambda: store.drop(before))


def photo_of(cadet) -> bytes | None:
    """The kept picture; None where there is none. Raises ``StoreIsGone``."""
    if not cadet.photo:
        return None
    try:
        return store.fetch(cadet.photo)
    except FileNotFoundError:
        log.warning("the photo of cadet %s is not in the store", cadet.pk)
        return None
