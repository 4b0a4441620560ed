"""Errors told to Sentry, where ``SENTRY_DSN`` is set: what broke and where in the code, nothing of whom it happened to.

A report is made anew from the few things named here, so that nothing else can be in it: no request, no values of
variables, no message of an exception, which may quote a row. Which page it was is told by the functions on the way.
"""

import logging

import sentry_sdk
from django.conf import settings
from sentry_sdk.integrations.dedupe import DedupeIntegration
from sentry_sdk.integrations.excepthook import ExcepthookIntegration
from sentry_sdk.integrations.logging import LoggingIntegration
from sentry_sdk.integrations.threading import ThreadingIntegration

OF_EVENT = ("event_id", "timestamp", "level", "platform", "logger", "release", "environment")
OF_EXCEPTION = ("type", "module")
OF_FRAME = ("filename", "module", "function", "lineno", "context_line", "in_app")


def begin() -> None:
    """From now on what this process logs as an error is reported. It starts no thread before the first error."""
    sentry_sdk.init(
        dsn=settings.SENTRY_DSN,
        release=settings.VERSION,
        environment=settings.KIND,
        default_integrations=False,
        auto_enabling_integrations=False,
        # Errors of pages and of jobs are logged; those of a thread or a command end on their own.
        integrations=[
            LoggingIntegration(level=None, event_level=logging.ERROR, sentry_logs_level=None),
            DedupeIntegration(),
            ExcepthookIntegration(),
            ThreadingIntegration(propagate_scope=False),
        ],
        before_send=stripped,
        before_breadcrumb=lambda crumb, hint: None,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        auto_session_tracking=False,
        send_client_reports=False,
        enable_backpressure_handling=False,
        enable_metrics=False,
        spotlight=False,
    )


def stripped(event: dict, hint: dict) -> dict:
    """The report as it leaves the house."""
    left = _only(event, OF_EVENT)
    if event.get("exception"):
        left["exception"] = {"values": [_exception(each) for each in event["exception"]["values"]]}
    record = hint.get("log_record")
    # Our own messages are sentences with places; those of libraries may have been filled in already.
    if record and record.name.startswith("rotc."):
        left["logentry"] = {"message": str(record.msg)}
    return left


def _exception(value) -> dict:
    left = _only(value, OF_EXCEPTION)
    if frames := (value.get("stacktrace") or {}).get("frames"):
        left["stacktrace"] = {"frames": [_only(frame, OF_FRAME) for frame in frames]}
    return left


def _only(facts, names) -> dict:
    return {name: facts[name] for name in names if name in facts}
