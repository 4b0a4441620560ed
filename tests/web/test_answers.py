"""What is true of every answer."""

import pytest
from django.core.cache.backends.locmem import LocMemCache
from django.db import OperationalError

from rotc.web.cache import ForgivingRedisCache
from rotc.web.middleware import RefusalsInWords


@pytest.mark.parametrize(
    "address",
    ["/sheet/?q=%00", "/board/?term=%00", "/terms/2026%00/", "/?term=2026-2027-1%00", "/roster/?q=a%00b"],
)
def test_a_nul_byte_in_an_address_is_nobodys_and_never_an_error(as_user, commandant, address):
    assert as_user(commandant).get(address).status_code == 404


def test_signed_in_pages_are_kept_by_nobody(as_user, commandant):
    assert as_user(commandant).get("/")["Cache-Control"] == "no-store"


def test_a_refused_page_leaves_nothing_in_the_log(as_user, cadet, caplog):
    client = as_user(cadet)
    assert client.get("/people/").status_code == 403
    assert client.get("/nowhere/").status_code == 404
    assert caplog.text == ""


def test_pages_run_no_script_and_no_style_but_our_own(client, db):
    policy = client.get("/accounts/login/")["Content-Security-Policy"]
    assert "script-src 'self';" in policy + ";"
    assert "'unsafe-inline'" not in policy
    assert "frame-ancestors 'self'" in policy  # the sheet lets one sign in again within the page
    assert "frame-ancestors 'none'" in client.get("/code/")["Content-Security-Policy"]


def test_a_cache_without_its_redis_serves_from_this_process(caplog):
    cache = ForgivingRedisCache("redis://127.0.0.1:1/0", {"OPTIONS": {"socket_connect_timeout": 0.2}})
    cache.set("attempts", 1)
    assert cache.incr("attempts") == 2
    assert cache.get("attempts") == 2
    assert isinstance(cache.meanwhile, LocMemCache)
    assert "does not answer" in caplog.text


@pytest.mark.redis
def test_a_cache_with_its_redis_keeps_it_there():
    cache, other = (
        ForgivingRedisCache("redis://127.0.0.1:6379/15", {"KEY_PREFIX": "rotc-test"}) for _ in range(2)
    )
    cache.set("attempts", 1, 5)
    assert other.get("attempts") == 1
    cache.delete("attempts")
    for each in (cache, other):
        each._cache.get_client().connection_pool.disconnect()


@pytest.mark.parametrize("said", ["database is locked", "deadlock detected\nDETAIL: Process 1 waits"])
def test_a_database_that_others_hold_is_said_in_words_and_not_an_error(rf, db, said):
    request = rf.post("/sheet/1/2/")
    request.htmx = False
    answer = RefusalsInWords(lambda request: None).process_exception(request, OperationalError(said))
    assert answer.status_code == 503
    assert "Nothing of yours was changed" in answer.content.decode()


def test_any_other_trouble_of_the_database_stays_an_error(rf):
    request = rf.get("/")
    assert (
        RefusalsInWords(lambda request: None).process_exception(request, OperationalError("disk full"))
        is None
    )
