import asyncio
import os
import shlex
import socket

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connections

from rotc.alerts.rounds import Rounds
from rotc.jobs.keeper import Keeper, leaving_no_trace
from rotc.live import nudges, pipe, relay, streams
from rotc.operations import maintenance
from rotc.roster.models import Term
from rotc.web.server.prepare import bound_waiting, prepare


class Command(BaseCommand):
    help = "Serve pages and streams; outside production also prepare the database and run the worker."
    requires_system_checks = []

    def add_arguments(self, parser):
        everywhere = "0.0.0.0" if settings.PRODUCTION else "127.0.0.1"  # noqa: S104
        parser.add_argument("--host", default=everywhere)
        parser.add_argument("--port", type=int, default=settings.PORT)

    def handle(self, *, host, port, **options):
        # The worker's keeper is forked first, while there is no thread, no connection and no event loop.
        keeper = Keeper() if settings.EMBEDDED_WORKER else None
        try:
            listening = _listen(host, port)
            _aside(prepare)
            bound_waiting()
            self._greet(_address(host, port))
        except BaseException:
            if keeper:
                keeper.kill()
            raise
        _serve(listening, keeper)

    def _greet(self, address):
        self.stdout.write(f"ROTC grading is at {address}  (Ctrl-C stops it)")
        try:
            self._say_how_to_begin(address)
        except DatabaseError as error:
            self.stderr.write(f"The database does not answer yet: {error}")
        finally:
            connections.close_all()
        self.stdout.flush()

    def _say_how_to_begin(self, address):
        from rotc.accounts.setup import link

        if first := link(address):
            self.stdout.write(f"Nobody administers it yet. Open this once, within a day:\n  {first}")
        if settings.KIND == "embedded" and not Term.objects.exists():
            self.stdout.write(
                "To look around with an invented battalion, use the button on the Today page, or:\n"
                f"  {_environment()}.venv/bin/python manage.py seed_demo --cadets 300 --seed 1"
            )


def _aside(work):
    """Do ``work`` in a forked child: what it loads is not kept for as long as the server runs."""
    pid = os.fork()
    if pid == 0:
        leaving_no_trace(work)
    if os.waitpid(pid, 0)[1]:
        raise CommandError("The system could not be made ready; the lines above say why.")


def _listen(host, port) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server((host, port), family=family, backlog=512)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        raise CommandError(f"{host} port {port} cannot be served: {reason}. Choose another port.") from None
    listening.setblocking(False)
    return listening


def _address(host, port) -> str:
    if settings.PRODUCTION:
        return settings.ADDRESS
    shown = f"[{host}]" if ":" in host else host
    return f"http://{'127.0.0.1' if host == '0.0.0.0' else shown}:{port}/"  # noqa: S104


def _environment() -> str:
    given = {name: os.environ[name] for name in ("ROTC_DATA_DIR", "DATABASE_URL") if os.environ.get(name)}
    return "".join(f"{name}={shlex.quote(value)} " for name, value in given.items())


def _serve(listening, keeper):
    # After the reactor is chosen: the application brings everything else with it.
    from rotc.asgi import application
    from rotc.web.server.server import HouseServer

    async def at_start():
        maintenance.follow()
        Rounds("web", streams.open_now).start()
        pipe.read_into(asyncio.get_running_loop(), nudges.deliver)
        if keeper:
            keeper.begin()
        if settings.REDIS_URL:
            await relay.listen(nudges.deliver, streams.refetch_all)

    async def before_exit():
        if keeper:
            keeper.stop()
            while not keeper.gone():
                await asyncio.sleep(0.02)

    HouseServer(
        application,
        listening,
        is_stream=streams.is_stream,
        at_start=at_start,
        before_exit=before_exit,
    ).run()
