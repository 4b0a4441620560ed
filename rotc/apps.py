from django.apps import AppConfig
from django.conf import settings


class RotcConfig(AppConfig):
    name = "rotc"
    verbose_name = "ROTC grading"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        if settings.SENTRY_DSN:
            from rotc.operations import reporting  # loaded only where it is used

            reporting.begin()
