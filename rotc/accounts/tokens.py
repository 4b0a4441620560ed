"""Tokens with which programs sign in in somebody's place: made, used, ended."""

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from rotc.accounts.models import ApiToken, User
from rotc.journal import actions as journal
from rotc.refusals import NotNow

LIVES = timedelta(days=180)
MOST = 20  # that one person may have at once
NOTED_EVERY = timedelta(minutes=5)  # when one was last used is written no more often


class TooMany(NotNow):
    status = 409


def digest(token: str) -> str:
    """What is kept of a token. It is too long to be guessed, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def live(of):
    """These tokens, as long as they are good."""
    return of.filter(revoked_at=None, expires_at__gt=timezone.now())


def make_token(
    user: User, *, name: str, second_step: bool, by, how: str = "api"
) -> tuple[ApiToken, str] | None:
    """A new token of ``user``, who has just shown their password; the token itself is told only here.

    None when the password is no longer theirs or the account was closed meanwhile. Raises ``TooMany``.
    """
    hint = f"rotc_{secrets.token_hex(4)}"
    token = f"{hint}_{secrets.token_urlsafe(32)}"
    with transaction.atomic():
        now = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if not now.is_active or now.password != user.password:
            return None
        if live(user.api_tokens).count() >= MOST:
            raise TooMany(f"You have {MOST} tokens. Revoke one on the page of your account first.")
        made = ApiToken.objects.create(
            user=user, name=name, hint=hint, digest=digest(token), second_step=second_step,
            expires_at=timezone.now() + LIVES,
        )  # fmt: skip
        _write("API token made", [made], user, by=by, how=how)
    return made, token


def revoke_token(token: ApiToken, *, by, how: str = "page") -> None:
    """End a token now; one that has ended stays as it is."""
    _revoke(ApiToken.objects.filter(pk=token.pk), token.user, by=by, how=how)


def revoke_tokens(user: User, *, by, how: str = "page") -> None:
    """End all tokens of somebody, as whatever ends their sessions does."""
    _revoke(user.api_tokens.all(), user, by=by, how=how)


def end_live_tokens() -> None:
    """End every token: the database was restored, and some of them were revoked since."""
    live(ApiToken.objects).update(revoked_at=timezone.now())


def _revoke(tokens, user, *, by, how) -> None:
    with transaction.atomic():
        ended = list(live(tokens).select_for_update(no_key=True))
        tokens.filter(pk__in=[each.pk for each in ended]).update(revoked_at=timezone.now())
        _write("API token revoked", ended, user, by=by, how=how)


def _write(what, tokens, user, *, by, how) -> None:
    journal.write_all(
        journal.entry(
            what,
            f"user:{user.pk}",
            by=by,
            how=how,
            cadet_id=user.cadet_id,
            changes={"token": (None, str(each)) if what == "API token made" else (str(each), None)},
        )
        for each in tokens
    )


def note_use(token: ApiToken) -> None:
    """Keep when a token was last used, to a few minutes."""
    now = timezone.now()
    if token.last_used_at is None or token.last_used_at < now - NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)


def forget_ended_tokens(*, before) -> int:
    """Drop tokens that were revoked, or that ended, before this moment; how many went."""
    return ApiToken.objects.filter(Q(revoked_at__lt=before) | Q(expires_at__lt=before)).delete()[0]
