"""Work that must not be lost. The queue is only the doorbell; these rows are the work."""

from django.conf import settings
from django.db import models
from django.db.models import Q

OPEN = Q(done_at=None, failed_at=None, cancelled_at=None)


def free(now) -> Q:
    """The open jobs that nobody is at."""
    return OPEN & (Q(leased_until=None) | Q(leased_until__lt=now))


class Job(models.Model):
    """A piece of background work: asked for, leased by one worker at a time; done, failed or cancelled visibly."""

    kind = models.CharField(max_length=40)
    arguments = models.JSONField(default=dict)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField(null=True)  # of a schedule's run: the moment that the clock asked for it
    leased_until = models.DateTimeField(null=True)
    held_by = models.UUIDField(
        null=True
    )  # of each taking another, so that no worker is mistaken for a later one
    attempts = models.PositiveSmallIntegerField(default=0)
    progress = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    result = models.JSONField(default=dict)
    done_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at=None, failed_at=None)
                | Q(done_at=None, cancelled_at=None)
                | Q(failed_at=None, cancelled_at=None),
                name="ends_one_way",
            ),
            models.UniqueConstraint(fields=["kind", "due_at"], name="once_a_due_moment"),
        ]
        indexes = [models.Index(fields=["id"], condition=OPEN, name="jobs_open")]

    def __str__(self):
        return f"{self.kind} {self.pk}"

    @property
    def open(self) -> bool:
        return self.finished_at is None

    @property
    def finished_at(self):
        return self.done_at or self.failed_at or self.cancelled_at

    @property
    def title(self) -> str:
        """What people call this work."""
        from rotc.tasks import KINDS

        return KINDS[self.kind].title if self.kind in KINDS else self.kind.capitalize()

    @property
    def asker(self) -> str:
        """Who asked for it, as people say it; empty where nobody is known."""
        return self.asked_by.title if self.asked_by else "the clock" if self.due_at else ""

    @property
    def path(self) -> str:
        """The page where its asker sees what came of it."""
        from rotc.tasks import KINDS

        page = KINDS[self.kind].page if self.kind in KINDS else ""
        return page.format(**self.arguments) if page else f"/jobs/{self.pk}/"

    @property
    def by_steps(self) -> bool:
        """Whether it can be stopped between two steps and taken up where it stopped."""
        from rotc.tasks import KINDS

        return self.kind in KINDS and KINDS[self.kind].by_steps

    @property
    def may_be_cancelled(self) -> bool:
        return self.open and (self.by_steps or not self.attempts)

    @property
    def may_run_again(self) -> bool:
        return bool(self.failed_at or self.cancelled_at) and self.by_steps

    @property
    def said(self) -> str:
        """The sentence that came of it; empty while it is open."""
        return self.result.get("said", "")
