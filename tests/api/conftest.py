import pytest
from django.test import Client

from rotc.accounts.tokens import make_token

HOME = "/api/v1/"


class Caller:
    """A program with a token, or with none."""

    def __init__(self, token="", **headers):
        self.client = Client()
        self.token = token
        self.headers = headers | ({"authorization": f"Bearer {token}"} if token else {})

    def get(self, path, **asked):
        return self.client.get(HOME + path, asked, headers=self.headers)

    def post(self, path, given=None, **more):
        return self.client.post(
            HOME + path, given, content_type="application/json", headers=self.headers, **more
        )


@pytest.fixture
def nobody(db):
    return Caller()


@pytest.fixture
def by(db):
    """``by(user)``: a program that acts for them."""

    def sign_in(user, *, second_step=False):
        _, token = make_token(user, name="Test", second_step=second_step, by=user)
        return Caller(token)

    return sign_in
