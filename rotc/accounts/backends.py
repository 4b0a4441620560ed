from django.contrib.auth.backends import ModelBackend

from rotc.accounts.models import User
from rotc.accounts.queries import user_named


class SignInNames(ModelBackend):
    """Sign in with any of an account's names: student number, username or verified e-mail."""

    def authenticate(self, request, username=None, password=None, **kwargs):
        if not username or password is None:
            return None
        user = user_named(username)
        if user is None:
            User().set_password(password)  # An unknown name takes as long as a wrong password.
            return None
        if user.check_password(password) and self.user_can_authenticate(user):
            return user
        return None
