"""A backup as a file: a zip with the rows of each table, and a manifest that says what must be in it.

A row is a line of JSON, and the lines stand in the order of their numbers. Both databases write the same line for the same
row, so that tables are equal exactly when their hashes are, and a backup of one is restored into the other.
"""

import json
import zlib
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from io import BufferedReader
from struct import error as StructError
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from rotc.refusals import Refusal

FORMAT = 1
MANIFEST = "manifest.json"
AT_A_TIME = 1 << 16  # bytes
UNREADABLE = (
    BadZipFile, zlib.error, StructError, EOFError, OSError, KeyError, TypeError, ValueError, NotImplementedError,
    RuntimeError, OverflowError,
)  # fmt: skip


class Damaged(Refusal):
    """What the file holds is not what it says that it holds."""

    def __init__(self, what):
        super().__init__(f"This backup is damaged: {what}. Nothing was changed; choose another.")


class TooNew(Refusal):
    """It was made by a release that knows more than this one."""

    def __init__(self, made_by, more):
        super().__init__(
            f"This backup was made by a newer release, {made_by}, which knows {more}. Nothing was changed; "
            "restore it with that release or a later one."
        )


@dataclass
class Manifest:
    """What a backup says of itself. ``tables``: of each its columns, rows, hash, and the last number it gave out.

    ``files``: bytes and hash of each upload; ``left``: the uploads that are gone, with when a backup last had them.
    """

    made_at: str
    why: str
    version: str
    migrations: list
    tables: dict = field(default_factory=dict)
    files: dict = field(default_factory=dict)
    left: dict = field(default_factory=dict)
    format: int = FORMAT

    @property
    def rows(self) -> int:
        return sum(table["rows"] for table in self.tables.values())

    @property
    def said(self) -> str:
        return f"{self.rows:,} rows in {len(self.tables)} tables and {len(self.files):,} uploads"


class Sum:
    """Passes lines or blocks on, and knows at the end how many they were, how long, and their hash."""

    def __init__(self, parts):
        self.parts, self.count, self.size, self._digest = parts, 0, 0, sha256()

    def __iter__(self):
        for part in self.parts:
            self.count += 1
            self.size += len(part)
            self._digest.update(part)
            yield part

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    @classmethod
    def of(cls, parts) -> "Sum":
        """That of all of them; a table's or a file's worth is never held."""
        found = cls(parts)
        for _ in found:
            pass
        return found


def blocks(file):
    """An open file, a part at a time."""
    while block := file.read(AT_A_TIME):
        yield block


class Writing:
    """A backup that is being written into an open file: within its block, and whole once ``end`` was called."""

    def __init__(self, file):
        self._zip = ZipFile(file, "w", ZIP_DEFLATED, compresslevel=4)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._zip.close()

    def table(self, name: str, lines) -> Sum:
        return self._write(f"tables/{name}", lines)

    def upload(self, name: str, parts) -> Sum:
        self._zip.compression = ZIP_STORED  # pictures and workbooks are packed already
        return self._write(f"files/{name}", parts)

    def end(self, manifest: Manifest) -> None:
        self._zip.writestr(MANIFEST, json.dumps(asdict(manifest), ensure_ascii=False), ZIP_DEFLATED)

    def _write(self, name, parts) -> Sum:
        found = Sum(parts)
        with self._zip.open(name, "w") as member:
            for part in found:
                member.write(part)
        return found


class Reading:
    """A backup that is read. What cannot be read raises ``Damaged``, a newer format ``TooNew``."""

    def __init__(self, file):
        with _readable("it is cut off, or no backup at all"):
            self._zip = ZipFile(file)
        with _readable("its manifest cannot be read"):
            facts = json.loads(self._zip.read(MANIFEST))
            if facts["format"] > FORMAT:
                raise TooNew(facts["version"], "another form of backups")
            self.manifest = Manifest(**facts)

    @contextmanager
    def lines(self, table: str):
        with _readable(f"the table {table} cannot be read"), self._zip.open(f"tables/{table}") as member:
            yield BufferedReader(member, AT_A_TIME)

    def has(self, upload: str) -> bool:
        """Whether this upload is in the file itself."""
        return f"files/{upload}" in self._zip.NameToInfo

    def upload(self, name: str):
        return self._zip.open(f"files/{name}")

    def verify(self, tell=None) -> None:
        """Read every row, and see that it is what was written. Raises ``Damaged``."""
        for place, (name, facts) in enumerate(self.manifest.tables.items(), 1):
            with self.lines(name) as lines:
                found = Sum.of(lines)
            if (found.count, found.sha256) != (facts["rows"], facts["sha256"]):
                raise Damaged(f"the table {name} is not as it was written")
            if tell:
                tell(place, len(self.manifest.tables))


@contextmanager
def _readable(what):
    try:
        yield
    except UNREADABLE as error:
        raise Damaged(what) from error
