from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.utils.http import url_has_allowed_host_and_scheme

from rotc.accounts import letting_in
from rotc.accounts.queries import user_named, why_not_email

WRONG = "That name and that password do not go together. Check both and try again."
TOO_MANY = "There were too many wrong tries. Wait five minutes, then try again."


class HouseAdapter(DefaultAccountAdapter):
    """allauth as this house uses it: nobody signs up, and a verified e-mail becomes a sign-in name."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": WRONG,
        "too_many_login_attempts": TOO_MANY,
        "incorrect_password": "That is not your password.",
    }

    def is_open_for_signup(self, request):
        return False

    def add_message(self, request, level, message_template=None, *args, **kwargs):
        # Whoever signed in sees so; a cadet's standing page shows no messages, so it would turn up later.
        if message_template != "account/messages/logged_in.txt":
            super().add_message(request, level, message_template, *args, **kwargs)

    def is_safe_url(self, url):
        """Only pages of the address that is open now, whatever other addresses the system answers to."""
        secure = self.request.is_secure()
        return url_has_allowed_host_and_scheme(url, {self.request.get_host()}, require_https=secure)

    def login(self, request, user):
        before = user.last_login
        super().login(request, user)
        # The page of one's devices says it: whoever sees a sign-in that was not theirs can act.
        request.session["signed_in_before"] = before and before.timestamp()

    def _get_login_attempts_cache_key(self, request, **credentials):
        # Wrong tries count for the account, whichever of its names they were made under.
        user = user_named(credentials.get("username", ""))
        return f"user:{user.pk}" if user else super()._get_login_attempts_cache_key(request, **credentials)

    def set_password(self, user, password):
        letting_in.set_password(user, password=password, by=user)

    def confirm_email(self, request, email_address):
        user = email_address.user
        why_not = why_not_email(email_address.email, user)
        if why_not:
            self.add_message(request, messages.ERROR, message=why_not)
            return False
        confirmed = super().confirm_email(request, email_address)
        letting_in.keep_email_names(user, by=user)
        return confirmed
