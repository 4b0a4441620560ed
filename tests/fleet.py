"""Two web processes and two workers on one PostgreSQL and one Redis, as on several machines, nginx in front."""

import os
import re
import secrets
import shutil
import signal
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from tests.served import ROOT, Server, ask, free_port

POSTGRES = os.environ.get("TEST_POSTGRES", "postgres://%2Fvar%2Frun%2Fpostgresql/postgres")
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
AROUND = "daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log; events {{}} http {{ access_log off; {temporary} {site} }}"
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


class Fleet:
    """``webs`` are the servers by themselves, ``port`` is the address that everybody uses."""

    def __init__(self, folder, *, redis: int):
        self.folder = Path(folder)
        self.database = f"rotc_fleet_{secrets.token_hex(4)}"
        _on_postgres(f'CREATE DATABASE "{self.database}"')
        self.env = {
            "DATABASE_URL": urlsplit(POSTGRES)._replace(path=f"/{self.database}").geturl(),
            "REDIS_URL": f"redis://127.0.0.1:6379/{redis}",
            "DJANGO_SECRET_KEY": secrets.token_urlsafe(64),
            "ROTC_EMBEDDED_WORKER": "0",
        }
        self.webs, self.workers, self.proxy = [], [], None
        try:
            # The first makes the tables before the second looks.
            self.webs = [Server(self.folder / name, **self.env) for name in ("one", "two")]
            self.workers = [self.start_worker(web) for web in self.webs]
            self.port = free_port()
            self.proxy = self._start_proxy()
        except BaseException:
            self.end()
            raise

    def start_worker(self, web):
        return subprocess.Popen(web.python("manage.py", "work"), **web.beside)

    def ask(self, method, path, **facts):
        """One request through the common address; see ``served.ask``."""
        return ask(self.port, method, path, **facts)

    def end(self):
        for process in filter(None, [self.proxy, *self.workers]):
            process.send_signal(signal.SIGTERM)
            process.wait(30)
        for web in self.webs:
            web.end()
        _on_postgres(f'DROP DATABASE "{self.database}" WITH (FORCE)')

    def _start_proxy(self):
        site = (ROOT / "docs" / "nginx.conf").read_text()
        for told, meant in zip(("8001", "8002"), self.webs, strict=True):
            site = site.replace(f"127.0.0.1:{told}", f"127.0.0.1:{meant.port}")
        site = re.sub(r"listen 8000;", f"listen 127.0.0.1:{self.port};", site)
        temporary = " ".join(f"{each}_temp_path {self.folder}/{each};" for each in TEMPORARY)
        conf = self.folder / "nginx.conf"
        conf.write_text(AROUND.format(folder=self.folder, temporary=temporary, site=site))
        return subprocess.Popen([NGINX, "-e", f"{self.folder}/nginx.log", "-c", str(conf)])


def _on_postgres(statement):
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(statement)
