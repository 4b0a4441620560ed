"""The shape of what people write about accounts."""

from django import forms
from django.contrib.auth.password_validation import validate_password

from rotc.accounts.models import User

NAME = {"max_length": 80}


class ChoosePassword(forms.Form):
    """A new password, typed twice and held against the validators. ``user`` is whose it will be."""

    password1 = forms.CharField(
        label="Password",
        strip=False,
        max_length=256,
        help_text="At least 10 characters. Several words in a row are strong and easy to keep.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label="The same password again",
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def whose(self) -> User:
        """The person as the form knows them: no password may be like their names."""
        return User()

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


class FirstAdministrator(ChoosePassword):
    username = forms.CharField(
        max_length=150,
        help_text="What you sign in with: capital or small letters make no difference.",
        validators=[User.username_validator],
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    first_name = forms.CharField(**NAME, widget=forms.TextInput(attrs={"autocomplete": "given-name"}))
    last_name = forms.CharField(**NAME, widget=forms.TextInput(attrs={"autocomplete": "family-name"}))
    email = forms.EmailField(label="E-mail", required=False)

    field_order = ["username", "first_name", "last_name", "email", "password1", "password2"]

    def person(self) -> dict:
        return {name: self.cleaned_data.get(name, "") for name in ("first_name", "last_name", "email")}

    def whose(self):
        return User(username=self.cleaned_data.get("username", ""), **self.person())
