"""Letting people in: one-time codes, passwords, and the e-mail addresses they sign in with."""

from allauth.account.models import EmailAddress
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.utils import timezone

from rotc import reactions
from rotc.accounts import codes
from rotc.accounts.actions import appoint, open_account, open_accounts, revoke_codes, write
from rotc.accounts.models import AccessCode, Role, SignInName, User, sign_in_key
from rotc.accounts.queries import got_codes_after, taken
from rotc.accounts.tokens import revoke_tokens
from rotc.journal import actions as journal
from rotc.refusals import BadValue, NotNow


def take_on(username: str, *, role: str, unit=None, by, how: str = "page", **person) -> User:
    """Open an account for somebody of the cadre or office and appoint them. A code lets them in."""
    with transaction.atomic():
        user = open_account(username, by=by, how=how, **person)
        appoint(user, role, unit=unit, by=by, how=how)
    return user


def issue_codes(users, *, by, how: str = "page") -> list[tuple[User, str]]:
    """A new one-time code for each of these; a code that was still open is revoked. Codes are told only here."""
    issued = [(user, codes.new_code()) for user in users]
    until = codes.valid_until()
    with transaction.atomic():
        _refuse_closed([user for user, _ in issued])
        revoke_codes([user for user, _ in issued], by=by)
        _keep_codes(
            AccessCode(user=user, digest=codes.digest(code), issued_by=by, expires_at=until)
            for user, code in issued
        )
        journal.write_all(
            journal.entry("code issued", f"user:{user.pk}", by=by, how=how, cadet_id=user.cadet_id)
            for user, _ in issued
        )
    return issued


def _refuse_closed(users) -> None:
    closed = [user.title for user in users if not user.is_active]
    if closed:
        raise NotNow(f"{closed[0]}'s account is deactivated. Reactivate it before you issue a code.")


def _keep_codes(new) -> None:
    try:
        with transaction.atomic():
            AccessCode.objects.bulk_create(new, batch_size=1000)
    except IntegrityError:
        raise NotNow("Somebody issued codes to the same people just now. Nothing was changed.") from None


def issue_codes_to_cadets(
    cadets, *, by, newest: int | None = None, how: str = "page"
) -> list[tuple[User, str]]:
    """Codes for these cadets (loaded with ``user``), in their order; a deactivated account gets none.

    ``newest``: the code that was the newest when these cadets were shown, as in ``refuse_overtaken``.
    """
    with transaction.atomic():
        refuse_overtaken(cadets, newest)
        return issue_codes(accounts_of(cadets, by=by, how=how), by=by, how=how)


def refuse_overtaken(cadets, newest: int | None) -> None:
    """Raise ``NotNow`` when one of these cadets holds a code newer than ``newest``, the newest that was seen.

    It may be on a slip in somebody's hand, and is not ended unseen. Whoever else asks waits until the
    caller's transaction ends.
    """
    if newest is None:
        return
    with transaction.atomic():
        # There may be no code to lock yet; this row always stands.
        ContentType.objects.select_for_update(no_key=True).get(app_label="rotc", model="accesscode")
        since = got_codes_after(newest)
    if many := sum(cadet.pk in since for cadet in cadets):
        raise NotNow(
            f"Somebody issued codes to {many:,} of these since you saw this page. Nothing was done, and "
            "their codes are good; look again."
        )


def accounts_of(cadets, *, by, how: str = "page") -> list[User]:
    """The accounts of these cadets that are not deactivated, in their order; opened where they have none."""
    with transaction.atomic():
        open_accounts([(cadet, None) for cadet in cadets if not hasattr(cadet, "user")], by=by, how=how)
        people = User.objects.filter(cadet__in=cadets, is_active=True).select_related("cadet")
        of_cadet = {user.cadet_id: user for user in people}
    return [of_cadet[each.pk] for each in cadets if each.pk in of_cadet]


def take_back_codes(users, *, by, how: str = "page") -> int:
    """End codes of these that are not used yet; returns how many there were."""
    with transaction.atomic():
        unused = AccessCode.objects.filter(user__in=users, used_at=None, revoked_at=None).select_related(
            "user"
        )
        ended = [code.user for code in unused]
        revoke_codes(ended, by=by)
        journal.write_all(
            journal.entry("code revoked", f"user:{user.pk}", by=by, how=how, cadet_id=user.cadet_id)
            for user in ended
        )
    return len(ended)


def appoint_cadet_officer(cadet, unit, *, by, how: str = "page") -> User:
    """Appoint a cadet (loaded with ``user``) over a unit; an account is opened where there is none."""
    with transaction.atomic():
        if not hasattr(cadet, "user"):
            open_accounts([(cadet, None)], by=by, how=how)
        user = User.objects.get(cadet=cadet)
        appoint(user, Role.CADET_OFFICER, unit=unit, by=by, how=how)
    return user


def redeem_code(code: AccessCode, *, password: str, by, how: str = "code") -> None:
    """Use a code once: its holder's password is set and every other session of theirs ends."""
    now = timezone.now()
    with transaction.atomic():
        still_open = AccessCode.objects.filter(
            pk=code.pk, used_at=None, revoked_at=None, expires_at__gt=now, user__is_active=True
        )
        if not still_open.update(used_at=now):
            raise NotNow("This code was used or replaced meanwhile. Ask for a new one.")
        set_password(code.user, password=password, by=by, how=how)


def set_password(user: User, *, password: str, by, how: str = "page") -> None:
    """Set a new password; codes and tokens end with it, and open pages ask again whether they are signed in."""
    user.set_password(password)
    with transaction.atomic():
        user.save(update_fields=["password"])
        revoke_codes([user], by=by)
        revoke_tokens(user, by=by, how=how)
        write("password set", user, by=by, how=how)
        reactions.rights_changed(user)


def keep_email_names(user: User, *, by, how: str = "page") -> None:
    """Make the e-mails that sign somebody in the ones they have verified, no more and no fewer.

    Raises ``BadValue`` when somebody else signs in with one of them; then nothing is changed.
    """
    with transaction.atomic():
        verified = EmailAddress.objects.filter(user=user, verified=True)
        wanted = {sign_in_key(email) for email in verified.values_list("email", flat=True)}
        own = user.sign_in_names.all()
        kept = {name.name for name in own}
        new, gone = wanted - kept, own.filter(kind=SignInName.Kind.EMAIL).exclude(name__in=wanted)
        if taken(new):
            raise BadValue("Somebody else signs in with this e-mail. It was not added.")
        for name in new:
            SignInName.objects.create(user=user, name=name, kind=SignInName.Kind.EMAIL)
            write("e-mail verified", user, by=by, how=how, email=(None, name))
        for name in gone:
            write("e-mail taken off", user, by=by, how=how, email=(name.name, None))
        gone.delete()


def follow_student_number(cadet, *, by, how: str = "page") -> None:
    """A cadet's student number was corrected: they sign in with the new one from now on."""
    own = SignInName.objects.filter(user__cadet=cadet, kind=SignInName.Kind.STUDENT_NUMBER)
    name = sign_in_key(cadet.student_number)
    with transaction.atomic():
        if taken({name}) and not own.filter(name=name).exists():
            raise BadValue(f"Somebody already signs in as “{name}”. Nothing was changed.")
        for before in own.exclude(name=name).select_related("user"):
            own.filter(pk=before.pk).update(name=name)
            User.objects.filter(pk=before.user_id, username__iexact=before.name).update(
                username=cadet.student_number
            )
            write("student number followed", before.user, by=by, how=how, name=(before.name, name))


def forget_expired_codes(*, before) -> int:
    """Drop codes that nobody used and that ended before this moment; how many went."""
    return AccessCode.objects.filter(used_at=None, expires_at__lt=before).delete()[0]


def end_open_codes() -> None:
    """End every code that nobody used yet: the database was restored, and some of them were used or ended since."""
    AccessCode.objects.filter(used_at=None, revoked_at=None).update(revoked_at=timezone.now())
