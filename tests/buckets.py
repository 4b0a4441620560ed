"""A bucket behind a gate, for systems that are told of it by their surroundings."""

from contextlib import contextmanager
from dataclasses import dataclass

import boto3
from moto.server import ThreadedMotoServer

from tests.gate import Gate
from tests.served import free_port

KEYS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_DEFAULT_REGION": "us-east-1"}


@dataclass(frozen=True)
class Guarded:
    """``env``: the variables that lead a system to it, through ``gate``."""

    gate: Gate
    env: dict


@contextmanager
def guarded(name: str):
    """An empty bucket of this name, as long as the block lasts."""
    moto = ThreadedMotoServer("127.0.0.1", free_port(), verbose=False)
    moto.start()
    gate = Gate(moto.get_host_and_port()[1])
    address = f"http://127.0.0.1:{gate.port}"
    try:
        named = {key.lower(): value for key, value in KEYS.items() if key != "AWS_DEFAULT_REGION"}
        store = boto3.client("s3", endpoint_url=address, region_name=KEYS["AWS_DEFAULT_REGION"], **named)
        store.create_bucket(Bucket=name)
        yield Guarded(gate, {"AWS_STORAGE_BUCKET_NAME": name, "AWS_S3_ENDPOINT_URL": address, **KEYS})
    finally:
        gate.end()
        moto.stop()
