"""The key pair that signs our own tokens: made once per data folder, readable by its owner only."""

import hashlib
import os
import tempfile
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jose import jwk
from jose.constants import ALGORITHMS

from naraigoto.adapters.identity import Jwk
from naraigoto.settings import get_settings

_FILE = "access-token.pem"
_BITS = 2048


class LocalKeys:
    """A signing key and its public half; a KeySource with one key."""

    def __init__(self, pem: str) -> None:
        private = jwk.construct(pem, ALGORITHMS.RS256)
        public = private.public_key().to_dict()
        # Named after its content, so another data folder's key never passes for ours.
        self.kid = hashlib.sha256(f"{public['n']}.{public['e']}".encode()).hexdigest()[:16]
        self.public: Jwk = {**public, "kid": self.kid, "use": "sig"}
        self.pem = pem

    def key(self, kid: str) -> Jwk | None:
        """The public key, when the id is its own."""
        return self.public if kid == self.kid else None


def open_keys(folder: Path) -> LocalKeys:
    """The key pair in `folder`; made there when there is none, once however many processes start."""
    path = folder / _FILE
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _make(path)
    return LocalKeys(path.read_text())


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
def local_keys() -> LocalKeys:
    """The key pair of this site."""
    return open_keys(get_settings().data_dir / "keys")
