def test_pages_open(as_user, tactical, enrollment):
    client = as_user(tactical)
    for path in (
        "",
        "new/",
        "new/?q=dela",
        f"new/?cadet={enrollment.pk}",
        f"new/?unit={enrollment.unit_id}",
        "catalogue/",
    ):
        assert client.get(f"/conduct/{path}").status_code == 200, path
