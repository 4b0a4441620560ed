def test_muster_page_opens(as_user, leader, enrollment, term):
    day = term.training_days.first()
    page = as_user(leader).get(f"/attendance/{day.pk}/")
    assert page.status_code == 200
    assert "of 1 marked" in page.content.decode()
    assert as_user(leader).get("/attendance/").status_code == 200
