"""The server as the system starts it: alive, bounded, and gone cleanly."""


def test_it_is_alive_as_soon_as_it_serves(server):
    answer = server.get("/api/live/")
    assert (answer.status, answer.text) == (200, "ok")


def test_a_signed_out_person_is_sent_to_sign_in(server):
    answer = server.get("/")
    assert answer.status == 302
    assert answer.headers["Location"].startswith("/accounts/login/")


def test_the_first_start_says_how_to_go_on(server):
    said = server.said()
    assert f"{server.url}/setup/" in said
    assert f"ROTC_DATA_DIR={server.folder}" in said
    assert "manage.py seed_demo --cadets 300 --seed 1" in said


def test_the_sign_in_page_works_in_a_browser(page_of):
    page = page_of()
    page.goto("/accounts/login/")
    assert page.locator("input[name=login]").is_visible()
    assert page.locator("input[name=password]").is_visible()
