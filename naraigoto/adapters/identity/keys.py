"""The key pairs that sign our own tokens: files of the data folder, readable by their owner only.

A new key is published for a while before it signs, and an old one verifies until its tokens have ended, so
that whoever holds a copy of our public keys never meets one that is not in it.
"""

import fcntl
import hashlib
import os
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from jose import jwk
from jose.constants import ALGORITHMS

from naraigoto.adapters.identity import Jwk
from naraigoto.rules import ACCESS_TOKEN_LIFETIME, CLOCK_LEEWAY, KEY_KEPT, KEY_PUBLISHED_FIRST, KEY_ROTATION
from naraigoto.settings import get_settings

_FIRST = "access-token.pem"
_LATER = re.compile(r"access-token\.(\d{8}T\d{12})Z\.pem")
_STAMP = "%Y%m%dT%H%M%S%f"
_LOCK = ".rotation"
_BITS = 2048
_SETTLED_NS = 1_000_000_000


class SigningKey:
    """A key pair; its public half is what others may see."""

    def __init__(self, pem: str, created_at: datetime) -> None:
        # Kept, for reading a key also proves it, which takes far longer than a signature.
        self.private = jwk.construct(pem, ALGORITHMS.RS256)
        public = self.private.public_key().to_dict()
        # Named after its content, so another data folder's key never passes for ours.
        self.kid = hashlib.sha256(f"{public['n']}.{public['e']}".encode()).hexdigest()[:16]
        self.public: Jwk = {**public, "kid": self.kid, "use": "sig"}
        self.pem = pem
        self.created_at = created_at

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SigningKey) and other.kid == self.kid

    def __hash__(self) -> int:
        return hash(self.kid)

    def secret(self, purpose: str) -> bytes:
        """A secret of its own for each purpose, from which the key cannot be told."""
        derive = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=purpose.encode())
        return derive.derive(self.pem.encode())


class KeyRing:
    """All key pairs of one folder, the oldest first; reads them again when another process changed them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._changed_at = -1
        self._keys: tuple[SigningKey, ...] = ()

    @property
    def keys(self) -> tuple[SigningKey, ...]:
        """Every key that is kept, the oldest first."""
        changed_at = self._folder.stat().st_mtime_ns
        if changed_at != self._changed_at:
            self._keys = _read(self._folder, self._keys)
            # Stamps are coarse: what was changed just now may change again under the same one.
            settled = time.time_ns() - changed_at > _SETTLED_NS
            self._changed_at = changed_at if settled else -1
        return self._keys

    def signing(self, now: datetime) -> SigningKey:
        """The newest key that has been published for long enough; the only one at once."""
        keys = self.keys
        ready = [key for key in keys if key.created_at + KEY_PUBLISHED_FIRST <= now]
        return ready[-1] if ready else keys[0]

    def public(self, now: datetime) -> list[Jwk]:
        """What others need to verify our tokens at `now`, the oldest first."""
        return [key.public for key in self.keys if self._verifies(key, now)]

    def key(self, kid: str, now: datetime) -> Jwk | None:
        """The public key of this id, while a token of its can still be good."""
        return next((key for key in self.public(now) if key["kid"] == kid), None)

    def secrets(self, purpose: str) -> list[bytes]:
        """A secret for one purpose from every key, the oldest first (as itsdangerous takes them)."""
        return [key.secret(purpose) for key in self.keys]

    def retired_at(self, key: SigningKey) -> datetime | None:
        """When the key that came after it took over; None while nobody did."""
        later = [other for other in self.keys if other.created_at > key.created_at]
        return later[0].created_at + KEY_PUBLISHED_FIRST if later else None

    def _verifies(self, key: SigningKey, now: datetime) -> bool:
        retired_at = self.retired_at(key)
        return retired_at is None or now < retired_at + ACCESS_TOKEN_LIFETIME + CLOCK_LEEWAY

    def rotate(self, now: datetime) -> SigningKey | None:
        """Make the next key; None when the newest one does not sign yet, whoever made it."""
        with _alone(self._folder):
            keys = self.keys
            newest = max(key.created_at for key in keys)
            if len(keys) > 1 and newest + KEY_PUBLISHED_FIRST > now:
                return None
            # The newest is the last one, whatever a clock that was set back says.
            at = max(now, newest + timedelta(microseconds=1)).astimezone(UTC)
            _make(self._folder / f"access-token.{at:{_STAMP}}Z.pem")
            return next(reversed(self.keys))

    def rotate_when_due(self, now: datetime) -> bool:
        """Make the next key when the newest has signed for its time; twice is once."""
        if any(key.created_at + KEY_ROTATION > now for key in self.keys):
            return False
        return self.rotate(now) is not None

    def forget(self, now: datetime) -> int:
        """Delete keys under which nothing of ours can still be out; answers how many went."""
        with _alone(self._folder):
            gone = [key for key in self.keys if (at := self.retired_at(key)) and at + KEY_KEPT <= now]
            for path in _files(self._folder):
                if path.read_text() in {key.pem for key in gone}:
                    path.unlink()
            return len(gone)


def open_keys(folder: Path) -> KeyRing:
    """The keys in `folder`; one is made when there is none, once however many processes start."""
    if not any(_files(folder)):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _make(folder / _FIRST)
    return KeyRing(folder)


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.glob("*.pem") if path.name == _FIRST or _LATER.fullmatch(path.name)]


def _read(folder: Path, known: tuple[SigningKey, ...]) -> tuple[SigningKey, ...]:
    before = {(key.pem, key.created_at): key for key in known}
    files = [(path.read_text(), _created_at(path)) for path in _files(folder)]
    found = [before.get(file) or SigningKey(*file) for file in files]
    return tuple(sorted(found, key=lambda key: key.created_at))


def _created_at(path: Path) -> datetime:
    stamp = _LATER.fullmatch(path.name)
    if stamp is None:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return datetime.strptime(stamp[1], _STAMP).replace(tzinfo=UTC)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process at a time; the lock goes with the process that held it."""
    with (folder / _LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make(path: Path) -> None:
    private = rsa.generate_private_key(public_exponent=65537, key_size=_BITS)
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    # Written whole under another name (mkstemp: 0600, O_EXCL), then linked: the first process wins,
    # and nobody ever reads half a key.
    descriptor, draft = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        Path(draft).unlink()


@lru_cache
def local_keys() -> KeyRing:
    """The keys of this site."""
    return open_keys(get_settings().data_dir / "keys")
