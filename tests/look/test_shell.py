"""The shell around pages: where one may go, who is here, and how forms speak."""

import re

from django import forms

from rotc.operations.models import Letterhead


class Order(forms.Form):
    title = forms.CharField(help_text="As it stands on the order.")
    remark = forms.CharField(required=False)
    standing = forms.BooleanField(required=False, label="A standing order")
    mark = forms.ChoiceField(choices=[("P", "Present"), ("L", "Late")], widget=forms.RadioSelect)

    def clean(self):
        raise forms.ValidationError("The day is over.")


def rooms_of(answer) -> set[str]:
    return set(re.findall(r"<li><a href=\"([^\"]+)\"", answer.content.decode()))


def test_a_commandant_is_led_to_the_rooms_of_a_commandant(as_user, commandant):
    answer = as_user(commandant).get("/accounts/email/")
    assert {"/", "/attendance/", "/sheet/", "/board/", "/settings/"} <= rooms_of(answer)
    assert "/people/" not in rooms_of(answer)
    assert "Sgt Maria Commandant" in answer.content.decode()


def test_a_cadet_is_led_to_their_own_standing_only(as_user, cadet):
    assert rooms_of(as_user(cadet).get("/accounts/email/")) == {"/standing/", "/profile/"}


def test_the_shell_bears_the_name_of_the_unit(client, db):
    assert "ROTC Grading</span>" in client.get("/accounts/login/").content.decode()
    Letterhead.objects.update_or_create(pk=1, defaults={"unit_name": "Northern Coast ROTC Unit"})
    assert "Northern Coast ROTC Unit</span>" in client.get("/accounts/login/").content.decode()


def test_signing_out_is_one_button_on_every_page(as_user, cadet):
    client = as_user(cadet)
    assert 'action="/accounts/logout/"' in client.get("/accounts/email/").content.decode()
    client.post("/accounts/logout/")
    assert client.get("/accounts/email/").status_code == 302


def test_htmx_is_told_to_run_nothing_and_to_send_the_token(as_user, commandant):
    text = as_user(commandant).get("/accounts/email/").content.decode()
    for rule in ('"allowEval": false', '"allowScriptTags": false', '"selfRequestsOnly": true'):
        assert rule in text
    assert re.search(r"hx-headers='\{\"X-CSRFToken\": \"\w{64}\"\}'", text)


def test_a_form_says_what_is_wrong_where_it_is_wrong():
    text = str(Order({"title": "", "mark": "P"}))
    field = re.search(r"<input[^>]*name=\"title\"[^>]*>", text).group()
    assert 'aria-describedby="id_title_helptext id_title_error"' in field
    assert 'aria-invalid="true"' in field
    assert re.search(r'id="id_title_helptext">As it stands on the order\.<', text)
    assert re.search(r'id="id_title_error"><li>This field is required\.</li>', text)
    assert re.search(r'role="alert"><ul class="errorlist nonfield"><li>The day is over\.</li>', text)


def test_only_what_may_be_left_out_is_marked():
    text = str(Order())
    assert re.findall(r'(\w+) <span class="optional">optional</span>', text) == ["Remark"]
    assert "*" not in text


def test_choices_are_a_group_with_a_legend():
    assert re.search(r"<fieldset>\s*<legend>Mark</legend>", str(Order()))


def test_a_wrong_address_is_answered_in_the_shell(as_user, commandant):
    answer = as_user(commandant).get("/nowhere/")
    assert answer.status_code == 404
    assert "Nothing here, or not yours to see" in answer.content.decode()
    assert "/sheet/" in rooms_of(answer)


def test_a_forbidden_page_says_so_and_leads_back(as_user, cadet):
    answer = as_user(cadet).get("/settings/")
    assert answer.status_code == 403
    assert "You may not do that" in answer.content.decode() and "To the first page" in answer.content.decode()
