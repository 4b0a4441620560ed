from allauth.account.adapter import DefaultAccountAdapter

from rotc.accounts.models import SignInName


class HouseAdapter(DefaultAccountAdapter):
    """allauth as this house uses it: nobody signs up, and a verified e-mail becomes a sign-in name."""

    def is_open_for_signup(self, request):
        return False

    def confirm_email(self, request, email_address):
        name = email_address.email.casefold()
        taken = SignInName.objects.filter(name=name).exclude(user=email_address.user).exists()
        if taken or not super().confirm_email(request, email_address):
            return False
        SignInName.objects.get_or_create(user=email_address.user, name=name, kind=SignInName.Kind.EMAIL)
        return True
