"""Who may sign in, under which names, and what they are appointed to."""

import unicodedata

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q

from rotc.roster.models import Cadet, Unit

MEASURED_IN = {"height_cm": "cm", "weight_kg": "kg"}


def sign_in_key(text: str) -> str:
    """What somebody typed as the name to sign in with, as it is compared: no case, no spaces around."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


class User(AbstractUser):
    """An account. Rights never come from here: they come from appointments and from being a cadet."""

    cadet = models.OneToOneField(Cadet, models.PROTECT, null=True, blank=True, related_name="user")
    rank = models.CharField(max_length=10, blank=True)
    digest_since = models.DateTimeField(null=True, blank=True)  # asked for a morning letter of what is unread

    class Meta:
        ordering = ["last_name", "first_name", "username"]

    def __str__(self):
        return self.title

    @property
    def letter_address(self) -> str:
        """Where a letter reaches them; empty where no e-mail is kept. Reads ``cadet``."""
        return (self.cadet.email if self.cadet else "") or self.email

    @property
    def title(self) -> str:
        """Rank and name as others read it (``Sgt Maria Reyes``); the username where no name is kept."""
        return (
            " ".join(part for part in (self.rank, self.first_name, self.last_name) if part) or self.username
        )


class SignInName(models.Model):
    """One name under which one account signs in, folded to lower case.

    Student numbers, usernames and verified e-mail addresses share this table, so the database itself
    keeps them one namespace: no two accounts can ever answer to the same name.
    """

    class Kind(models.TextChoices):
        STUDENT_NUMBER = "student_number", "student number"
        USERNAME = "username", "username"
        EMAIL = "email", "e-mail"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="sign_in_names")
    name = models.CharField(max_length=254, unique=True)
    kind = models.CharField(max_length=14, choices=Kind)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "name"], name="sign_in_name_once"),
            models.CheckConstraint(condition=~Q(name=""), name="sign_in_name_is_given"),
        ]

    def __str__(self):
        return self.name


class Role(models.TextChoices):
    ADMINISTRATOR = "administrator", "Administrator"
    COMMANDANT = "commandant", "Commandant"
    COMMAND_GROUP = "command_group", "Command Group"
    TACTICAL_OFFICER = "tactical_officer", "Tactical officer"
    CADET_OFFICER = "cadet_officer", "Cadet officer"
    CLERK = "clerk", "Clerk"


class Appointment(models.Model):
    """A role in a unit for that unit's term, until relieved. Only an administrator may serve all terms."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="appointments")
    role = models.CharField(max_length=16, choices=Role)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="appointments")
    appointed_at = models.DateTimeField(auto_now_add=True)
    appointed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    relieved_at = models.DateTimeField(null=True, blank=True)
    relieved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["role", "unit__path"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "unit"],
                condition=Q(relieved_at=None),
                name="appointed_once",
            ),
            models.UniqueConstraint(
                fields=["user", "role"],
                condition=Q(relieved_at=None, unit=None),
                name="appointed_once_for_all_terms",
            ),
            models.CheckConstraint(
                condition=Q(unit__isnull=False) | Q(role="administrator"),
                name="only_an_administrator_serves_all_terms",
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="role_is_known"),
        ]

    def __str__(self):
        return f"{self.get_role_display()}, {self.unit.place}" if self.unit else self.get_role_display()


class StaffProfile(models.Model):
    """What the unit keeps about somebody of the cadre or office beside rank, names and e-mail."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="profile")
    afpsn = models.CharField("AFPSN", max_length=30, blank=True)
    contact_number = models.CharField(max_length=30, blank=True)
    birthdate = models.DateField(null=True, blank=True)
    birthplace = models.CharField(max_length=120, blank=True)
    height_cm = models.PositiveSmallIntegerField("height", null=True, blank=True)
    weight_kg = models.PositiveSmallIntegerField("weight", null=True, blank=True)
    blood_type = models.CharField(max_length=5, blank=True)
    address = models.CharField(max_length=200, blank=True)
    civil_status = models.CharField(max_length=20, blank=True)
    nationality = models.CharField(max_length=40, blank=True)
    languages = models.CharField(max_length=120, blank=True)
    boots = models.CharField(max_length=20, blank=True)
    uniform = models.CharField(max_length=30, blank=True)
    bullcap = models.CharField(max_length=20, blank=True)
    home_unit = models.CharField("unit", max_length=80, blank=True)
    mobilization_centre = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(height_cm=None) | Q(height_cm__gte=50, height_cm__lte=250),
                name="staff_height_in_centimetres",
            ),
            models.CheckConstraint(
                condition=Q(weight_kg=None) | Q(weight_kg__gte=20, weight_kg__lte=300),
                name="staff_weight_in_kilograms",
            ),
        ]

    def __str__(self):
        return f"Profile of {self.user}"

    @property
    def facts(self) -> list[tuple[str, object]]:
        """What is known, each with its word, as a page lists it."""
        known = []
        for field in self._meta.concrete_fields:
            value = getattr(self, field.name)
            if value and field.name not in ("id", "user"):
                unit = MEASURED_IN.get(field.name)
                word = field.verbose_name[0].upper() + field.verbose_name[1:]
                known.append((word, f"{value} {unit}" if unit else value))
        return known


class AccessCode(models.Model):
    """A one-time code on a slip of paper that lets its holder set a password. Only its hash is kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="access_codes")
    digest = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField(auto_now_add=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    expires_at = models.DateTimeField()
    sent_to = models.EmailField(blank=True)  # an invitation that went by e-mail; blank: told on a slip
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(used_at=None, revoked_at=None),
                name="one_open_access_code",
            ),
        ]


class ApiToken(models.Model):
    """What a program signs in with in somebody's place. Only its hash is kept; ``hint`` is how it begins."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80)  # the program or device, as it calls itself
    hint = models.CharField(max_length=20)
    digest = models.CharField(max_length=64, unique=True)
    second_step = models.BooleanField()  # whether it was made with one
    made_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)  # to a few minutes
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="token_has_a_name"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("made_at")), name="token_lives_a_while"
            ),
        ]

    def __str__(self):
        return f"{self.hint}… of {self.name}"
