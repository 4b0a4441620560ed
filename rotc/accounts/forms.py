"""The shape of what people write about accounts."""

from allauth.account import forms as allauth
from allauth.account.utils import has_verified_email
from django import forms
from django.contrib.auth.password_validation import validate_password

from rotc.accounts.models import Role, User
from rotc.accounts.queries import enrolled, user_named, why_not_email
from rotc.accounts.ways_in import Way

NEW_PASSWORD = {"strip": False, "max_length": 256}
USERNAME_HELP = "What they sign in with: capital or small letters make no difference."


def _new_password():
    return forms.PasswordInput(attrs={"autocomplete": "new-password"})


def _typed(autocomplete):
    return forms.TextInput(
        attrs={"autocomplete": autocomplete, "autocapitalize": "none", "spellcheck": "false"}
    )


class AddEmail(allauth.AddEmailForm):
    def clean_email(self):
        email = super().clean_email()
        if why_not := why_not_email(email, self.user):
            raise forms.ValidationError(why_not)
        return email


class ResetPassword(allauth.ResetPasswordForm):
    """A code goes only to an e-mail that somebody has verified and shares with nobody."""

    def clean_email(self):
        email = super().clean_email()
        user = user_named(email)
        self.users = [user] if user and user.is_active and has_verified_email(user, email) else []
        return email


class EnterCode(forms.Form):
    name = forms.CharField(label="Student number or username", max_length=254, widget=_typed("username"))
    code = forms.CharField(
        label="One-time code",
        max_length=40,
        help_text="As it is printed on your slip, such as ABCDE-FGHJK.",
        widget=_typed("one-time-code"),
    )


class ChoosePassword(forms.Form):
    """A new password, typed twice and held against the validators. ``user`` is whose it will be."""

    password1 = forms.CharField(
        label="Password",
        help_text="At least 10 characters. Several words in a row are strong and easy to keep.",
        widget=_new_password(),
        **NEW_PASSWORD,
    )
    password2 = forms.CharField(label="The same password again", widget=_new_password(), **NEW_PASSWORD)

    def __init__(self, *args, user=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def whose(self) -> User:
        return self.user

    def clean(self):
        first, again = self.cleaned_data.get("password1"), self.cleaned_data.get("password2")
        if first and again and first != again:
            self.add_error("password2", "The two passwords differ. Type the same one twice.")
        elif first:
            self._validate(first)
        return self.cleaned_data

    def _validate(self, password):
        try:
            validate_password(password, self.whose())
        except forms.ValidationError as problems:
            self.add_error("password1", problems)


class Person(forms.Form):
    first_name = forms.CharField(max_length=80)
    last_name = forms.CharField(max_length=80)
    username = forms.CharField(
        max_length=150,
        help_text=USERNAME_HELP,
        validators=[User.username_validator],
        widget=_typed("off"),
    )
    email = forms.EmailField(label="E-mail", required=False, max_length=254)

    def person(self) -> dict:
        return {name: self.cleaned_data.get(name, "") for name in ("first_name", "last_name", "email")}


class FirstAdministrator(Person, ChoosePassword):
    field_order = ["first_name", "last_name", "username", "email", "password1", "password2"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].widget = _typed("username")
        self.fields["username"].help_text = USERNAME_HELP.replace("they", "you")

    def whose(self):
        """The person as the form knows them: no password may be like their names."""
        return User(username=self.cleaned_data.get("username", ""), **self.person())


class UnitChoice(forms.ModelChoiceField):
    def label_from_instance(self, unit):
        return unit.place


class Appoint(forms.Form):
    role = forms.ChoiceField(choices=[("", "Choose…"), *Role.choices])
    unit = UnitChoice(
        queryset=None,
        required=False,
        empty_label="Choose…",
        help_text="Everything under it is theirs too. An administrator needs none.",
    )

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units

    def clean(self):
        role, unit = self.cleaned_data.get("role"), self.cleaned_data.get("unit")
        if role == Role.ADMINISTRATOR:
            self.cleaned_data["unit"] = None
        elif role and not unit and "unit" not in self.errors:
            self.add_error("unit", "Choose the unit: only an administrator serves without one.")
        return self.cleaned_data

    def appointment(self) -> dict:
        return {"role": self.cleaned_data["role"], "unit": self.cleaned_data["unit"]}


class AddStaff(Appoint, Person):
    """``letters``: whether codes can go by e-mail here."""

    rank = forms.ChoiceField(required=False)
    by_letter = forms.BooleanField(
        label="Send the code to this e-mail",
        required=False,
        help_text="Otherwise it is shown on a slip to print.",
    )
    field_order = ["rank", "first_name", "last_name", "username", "email", "by_letter", "role", "unit"]

    def __init__(self, *args, ranks, letters, **kwargs):
        super().__init__(*args, **kwargs)
        if not letters:
            del self.fields["by_letter"]
        self.fields["rank"].choices = [("", "No rank"), *((rank, rank) for rank in ranks)]

    def clean(self):
        super().clean()
        if self.cleaned_data.get("by_letter") and not self.cleaned_data.get("email"):
            self.add_error("email", "Give the e-mail that the code goes to.")
        return self.cleaned_data

    def person(self):
        return super().person() | {"rank": self.cleaned_data["rank"]}


class CadetOfficer(forms.Form):
    student_number = forms.CharField(max_length=30, widget=_typed("off"))
    unit = UnitChoice(queryset=None, empty_label="Choose…", help_text="The unit they lead.")

    def __init__(self, *args, term, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.term = term
        self.fields["unit"].queryset = units

    def clean_student_number(self):
        number = self.cleaned_data["student_number"]
        self.cadet = enrolled(self.term, number)
        if self.cadet is None:
            raise forms.ValidationError(f"No cadet of this term has the student number “{number}”.")
        return number


class WhoGetsCodes(forms.Form):
    """Which cadets the list shows. A value that means nothing narrows nothing."""

    unit = UnitChoice(queryset=None, required=False, empty_label="Every unit")
    ms = forms.ChoiceField(label="MS level", required=False)
    state = forms.ChoiceField(required=False, choices=[("", ""), *Way.choices], widget=forms.HiddenInput)

    def __init__(self, *args, units, levels, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units
        self.fields["ms"].choices = [("", "Every level"), *((level, level) for level in levels)]

    def chosen(self) -> dict:
        self.is_valid()
        facts = self.cleaned_data
        return {"unit": facts.get("unit"), "ms_level": facts.get("ms", ""), "way": facts.get("state", "")}
