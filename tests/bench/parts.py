"""Web, worker and all they lean on, each of the bench's own, to be stopped as rudely as it takes."""

import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen

from tests.gate import Gate
from tests.live.test_relay import PrivateRedis
from tests.served import Server, free_port

POSTGRES = Path("/usr/lib/postgresql/15/bin")
CADETS = 600
KEYS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_DEFAULT_REGION": "us-east-1"}


class OwnPostgres:
    """A PostgreSQL of the bench's own, to be stopped as rudely as it takes."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="rotc-postgres-"))
        self.port = free_port()
        self.url = f"postgres://postgres@127.0.0.1:{self.port}/postgres?connect_timeout=3"
        shutil.chown(self.folder, "postgres", "postgres")
        self._run(f"{POSTGRES}/initdb -A trust -U postgres -D {self.folder}/data")
        self.start()

    def start(self):
        options = f"-p {self.port} -h 127.0.0.1 -k {self.folder}"
        self._run(f"{POSTGRES}/pg_ctl -w -D {self.folder}/data -l {self.folder}/log -o '{options}' start")

    def stop(self, how="immediate"):
        self._run(f"{POSTGRES}/pg_ctl -w -D {self.folder}/data -m {how} stop")

    def end(self):
        self.stop()
        shutil.rmtree(self.folder)

    @staticmethod
    def _run(command):
        subprocess.run(["su", "postgres", "-c", command], check=True, stdout=subprocess.DEVNULL, cwd="/")


class Stage:
    """Web, worker, PostgreSQL, Redis and a bucket, each of the bench's own, with an invented battalion."""

    def __init__(self, folder):
        from moto.server import ThreadedMotoServer

        self.database = OwnPostgres()
        os.environ["DATABASE_URL"] = self.database.url  # where ``Server`` makes its database
        self.redis = PrivateRedis(folder)
        self.moto = ThreadedMotoServer("127.0.0.1", free_port(), verbose=False)
        self.moto.start()
        self.gate = Gate(self.moto.get_host_and_port()[1])
        address = f"http://127.0.0.1:{self.gate.port}"
        _make_bucket(address)
        self.server = Server(
            Path(folder) / "web", start=False, REDIS_URL=self.redis.url, ROTC_EMBEDDED_WORKER="0",
            AWS_STORAGE_BUCKET_NAME="rotc", AWS_S3_ENDPOINT_URL=address, **KEYS,
        )  # fmt: skip
        self.server.manage("seed_demo", "--cadets", CADETS, "--seed", 1, "--password", "parade-rest-1")
        self.office = self.server.session_of("admin")
        self.server.start()
        self.worker = Popen(self.server.python("manage.py", "work"), **self.server.beside)

    def end(self):
        self.worker.terminate()
        self.worker.wait(30)
        self.server.stop()
        self.gate.end()
        self.moto.stop()
        self.redis.kill()
        self.database.end()


def _make_bucket(address):
    import boto3

    keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing", "region_name": "us-east-1"}
    boto3.client("s3", endpoint_url=address, **keys).create_bucket(Bucket="rotc")


@contextmanager
def stopped(part, *how):
    part.stop(*how)
    try:
        yield
    finally:
        part.start()


@contextmanager
def killed(redis):
    redis.kill()
    try:
        yield
    finally:
        redis.start()


@contextmanager
def behind(gate, how, *facts):
    getattr(gate, how)(*facts)
    try:
        yield
    finally:
        gate.open()
