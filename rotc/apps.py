from django.apps import AppConfig


class RotcConfig(AppConfig):
    name = "rotc"
    verbose_name = "ROTC grading"
    default_auto_field = "django.db.models.BigAutoField"
