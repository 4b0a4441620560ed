"""Photos: only pictures, made small and bare, kept in the folder or the bucket, shown to who may see them."""

import io
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from rotc.journal.models import JournalEntry
from rotc.roster import photos
from rotc.roster.models import Cadet


def drawn(kind="JPEG", size=(900, 1200), mode="RGB", **options) -> bytes:
    file = io.BytesIO()
    Image.new(mode, size, "green" if mode in ("RGB", "RGBA", "P") else 1).save(file, kind, **options)
    return file.getvalue()


def with_exif() -> bytes:
    """A picture taken with the phone turned, that says where and by whom."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x013B] = "A known photographer"
    exif.get_ifd(0x8825)[1] = "N"
    return drawn(size=(1200, 800), exif=exif, comment=b"a secret remark")


def claiming(width, height) -> bytes:
    """A PNG of a few bytes that claims to be of this size."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


def of_scans(many) -> bytes:
    """A progressive JPEG of a few kilobytes that has its decoder go over 24 million points again and again."""
    whole = drawn(size=(6000, 4000), mode="L", progressive=True)
    last = whole.rfind(b"\xff\xda")
    return whole[:last] + whole[last:-2] * many + whole[-2:]


def upload(data, name="me.jpg"):
    return SimpleUploadedFile(name, data, "image/jpeg")


@pytest.fixture
def folder(settings, tmp_path):
    """Uploads go to a folder of this test's own."""
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path, "base_url": None},
        }
    }
    return tmp_path


@pytest.fixture
def put(as_user, clerk, enrollment, django_capture_on_commit_callbacks):
    def send(data, user=clerk, **more):
        client = as_user(user)
        path = f"/roster/{enrollment.pk}/photo/"
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(path, {"photo": upload(data), **more})

    return send


def files(folder):
    return sorted(path.name for path in folder.rglob("*.jpg"))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_made_small_and_new(folder, put, as_user, clerk, enrollment, kind):
    assert put(drawn(kind)).status_code == 302

    shown = as_user(clerk).get(f"/roster/{enrollment.pk}/photo/")

    assert (shown["Content-Type"], shown["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert shown["Cache-Control"] == "private, no-cache"
    picture = Image.open(io.BytesIO(shown.content))
    assert (picture.format, picture.size) == ("JPEG", (360, 480))
    assert len(shown.content) < 30_000


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("PNG", "1"), ("PNG", "I;16"), ("JPEG", "L"), ("JPEG", "CMYK")])  # fmt: skip
def test_pictures_of_every_kind_of_colour_are_read(folder, put, kind, mode):
    file = io.BytesIO()
    Image.new(mode, (50, 60)).save(file, kind)

    assert put(file.getvalue()).status_code == 302


def test_sixteen_bits_of_grey_do_not_come_out_white(folder, put, as_user, clerk, enrollment):
    file = io.BytesIO()
    Image.new("I;16", (50, 60), 0x4000).save(file, "PNG")
    put(file.getvalue())

    picture = Image.open(io.BytesIO(as_user(clerk).get(f"/roster/{enrollment.pk}/photo/").content))

    assert all(abs(level - 0x40) < 3 for level in picture.getpixel((9, 9)))


def test_a_phones_photo_with_its_film_behind_it_is_kept(folder, put):
    film = b"\0\0\0\x18ftypmp42" + b"\xff\xda\0\x0c" * 500

    assert put(drawn(progressive=True) + film).status_code == 302


def test_nothing_of_the_file_but_its_pixels_is_kept_and_they_stand_upright(
    folder, put, as_user, clerk, enrollment
):
    put(with_exif())

    kept = as_user(clerk).get(f"/roster/{enrollment.pk}/photo/").content
    picture = Image.open(io.BytesIO(kept))

    assert picture.size == (320, 480)
    assert not picture.getexif() and "comment" not in picture.info
    assert b"photographer" not in kept and b"secret" not in kept


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (drawn()[:2000], "not a picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "not a picture"),
        (b"<!doctype html><script>alert(1)</script>", "not a picture"),
        (drawn("GIF", mode="P"), "not a picture"),
        (drawn("BMP"), "not a picture"),
        (b"\0" * 100, "not a picture"),
        (claiming(6000, 5000), "more than 24 million"),
        (claiming(65000, 65000), ""),
        (drawn("PNG", (6000, 5000)), "more than 24 million"),
        (drawn() + b"\0" * photos.MOST_BYTES, "larger than 10 MB"),
        (of_scans(100), "not a picture"),
        (of_scans(100).replace(b"\xff\xda", b"\0\0\xff\xff\xda"), "not a picture"),
    ],
    ids=["truncated", "svg", "html", "gif", "bmp", "nothing", "claims 30 MP", "bomb", "30 MP", "11 MB", "scans",
         "scans behind rubbish"],
)  # fmt: skip
def test_what_is_no_photo_is_refused_in_words(folder, put, enrollment, data, said):
    answer = put(data)

    assert answer.status_code == 422
    assert said in answer.content.decode() and "Choose" in answer.content.decode()
    assert Cadet.objects.get(pk=enrollment.cadet_id).photo == ""
    assert files(folder) == []


def test_a_new_photo_takes_the_place_of_the_old_whose_file_goes(folder, put, as_user, clerk, enrollment):
    put(drawn())
    [first] = files(folder)
    before = as_user(clerk).get(f"/roster/{enrollment.pk}/photo/")["ETag"]

    put(drawn(size=(600, 600)))

    [second] = files(folder)
    assert first != second and len(second) > 30
    again = as_user(clerk).get(f"/roster/{enrollment.pk}/photo/", headers={"If-None-Match": before})
    assert again.status_code == 200
    same = as_user(clerk).get(f"/roster/{enrollment.pk}/photo/", headers={"If-None-Match": again["ETag"]})
    assert same.status_code == 304
    assert second not in str(list(JournalEntry.objects.values()))


def test_a_photo_is_removed(folder, put, as_user, clerk, enrollment, django_capture_on_commit_callbacks):
    put(drawn())
    with django_capture_on_commit_callbacks(execute=True):
        as_user(clerk).post(f"/roster/{enrollment.pk}/photo/", {"remove": "1"})

    assert files(folder) == []
    assert as_user(clerk).get(f"/roster/{enrollment.pk}/photo/").status_code == 404
    assert [each.what for each in JournalEntry.objects.filter(what__startswith="photo")] == [
        "photo removed", "photo changed",
    ]  # fmt: skip


def test_the_file_goes_with_an_erased_record(
    folder, put, as_user, clerk, enrollment, django_capture_on_commit_callbacks
):
    put(drawn())
    with django_capture_on_commit_callbacks(execute=True):
        as_user(clerk).post(f"/roster/{enrollment.pk}/erase/", {"typed": "2026-0001"})

    assert files(folder) == []


def test_a_photo_is_shown_to_who_may_see_the_record_only(
    folder, put, as_user, tactical, leader, cadet, bravo, enrollment, client
):
    from tests import factories

    put(drawn())
    path = f"/roster/{enrollment.pk}/photo/"
    comrade = factories.enroll(bravo, "9", "Cruz", "Ana").cadet.user
    elsewhere = factories.staff("tactical.bravo", "tactical_officer", bravo)
    for user, status in [(tactical, 200), (leader, 403), (cadet, 200), (comrade, 404), (elsewhere, 404)]:
        assert (user, as_user(user).get(path).status_code) == (user, status)
    client.logout()
    assert client.get(path).status_code == 302


def test_who_only_reads_puts_no_photo(folder, put, tactical, cadet):
    assert put(drawn(), user=tactical).status_code == 403
    assert put(drawn(), user=cadet).status_code == 403


def test_a_cadets_own_photo_is_kept_even_where_another_field_is_wrong(folder, as_user, cadet, enrollment):
    client = as_user(cadet)
    answer = client.post("/profile/", {"photo": upload(drawn()), "email": "nobody", "initial-email": ""})

    assert answer.status_code == 422
    assert "Your photo is saved; the rest is not yet." in answer.content.decode()
    assert 'value="nobody"' in answer.content.decode()
    assert client.get("/profile/photo/").status_code == 200


def test_a_cadets_broken_photo_is_named_at_its_field(folder, as_user, cadet):
    answer = as_user(cadet).post(
        "/profile/", {"photo": upload(b"<svg/>"), "address": "Purok 3", "initial-address": ""}
    )

    assert answer.status_code == 422
    assert "not a picture" in answer.content.decode() and 'value="Purok 3"' in answer.content.decode()
    assert Cadet.objects.get(pk=cadet.cadet_id).address == ""


def test_a_photo_goes_to_the_bucket_and_back(bucket, put, as_user, clerk, enrollment):
    client, _ = bucket

    assert put(drawn()).status_code == 302
    assert as_user(clerk).get(f"/roster/{enrollment.pk}/photo/").content[:2] == b"\xff\xd8"
    put(drawn(size=(600, 600)))

    kept = client.list_objects_v2(Bucket="rotc")["Contents"]
    assert [each["Key"] for each in kept] == [Cadet.objects.get(pk=enrollment.cadet_id).photo]


def test_a_bucket_that_is_away_is_said_in_a_sentence(bucket, put, as_user, clerk, enrollment):
    _, store = bucket
    put(drawn())
    before = Cadet.objects.get(pk=enrollment.cadet_id).photo
    store.stop()

    for answer in (put(drawn()), as_user(clerk).get(f"/roster/{enrollment.pk}/photo/")):
        assert answer.status_code == 503
        assert "cannot be reached at this moment" in answer.content.decode()
    assert Cadet.objects.get(pk=enrollment.cadet_id).photo == before
    assert as_user(clerk).get(f"/roster/{enrollment.pk}/").status_code == 200


def test_a_file_that_was_lost_breaks_no_page(folder, put, as_user, clerk, enrollment):
    put(drawn())
    for path in folder.rglob("*.jpg"):
        path.unlink()

    assert as_user(clerk).get(f"/roster/{enrollment.pk}/photo/").status_code == 404
    assert put(drawn()).status_code == 302
