"""How often something may be tried (R99): a clear wait, never a lock that a stranger can impose for long."""

import hashlib

from naraigoto.actor import Actor
from naraigoto.adapters.limits import counter
from naraigoto.errors import RateLimited
from naraigoto.rules import (
    READS_OF_ADDRESS,
    READS_OF_PERSON,
    WRONG_TRIES_EVERYWHERE,
    WRONG_TRIES_HERE,
    WRONG_TRIES_OF_ADDRESS,
    Rate,
)

Window = tuple[Rate, tuple[str, ...]]


async def spend(rate: Rate, scope: str, *key: str) -> None:
    """Count one use of `scope` by `key` (an account, an address).

    Raises: RateLimited when the window is full.
    """
    hidden = _hidden(scope, key)
    if not await counter().hit(rate, *hidden):
        raise RateLimited(retry_after=await counter().seconds_to_wait(rate, *hidden))


async def refuse_spent(rate: Rate, scope: str, *key: str) -> None:
    """Before a code is looked up whose wrong entries are counted with `spend`.

    Raises: RateLimited when the window is full.
    """
    if wait := await counter().seconds_to_wait(rate, *_hidden(scope, key)):
        raise RateLimited(retry_after=wait)


async def read_public(actor: Actor, address: str) -> None:
    """Count one reading of what everybody may read: by person for who is signed in, else by address (R19).

    Raises: RateLimited.
    """
    if actor.user_id is not None:
        await spend(READS_OF_PERSON, "read", "person", str(actor.user_id))
    else:
        await spend(READS_OF_ADDRESS, "read", "address", address)


async def refuse_guessing(scope: str, account: str, address: str) -> None:
    """Before a secret is compared: nobody goes on guessing.

    Raises: RateLimited after too many wrong tries.
    """
    waits = [await counter().seconds_to_wait(rate, *key) for rate, key in _guesses(scope, account, address)]
    if longest := max(waits):
        raise RateLimited(retry_after=longest)


async def note_wrong(scope: str, account: str, address: str) -> None:
    """A wrong try."""
    for rate, key in _guesses(scope, account, address):
        await counter().hit(rate, *key)


async def note_right(scope: str, account: str, address: str) -> None:
    """The right secret from this address: earlier slips of the finger there are forgotten."""
    rate, key = _guesses(scope, account, address)[0]
    await counter().clear(rate, *key)


def _guesses(scope: str, account: str, address: str) -> tuple[Window, Window, Window]:
    return (
        (WRONG_TRIES_HERE, _hidden(scope, ("here", account, address))),
        (WRONG_TRIES_EVERYWHERE, _hidden(scope, ("everywhere", account))),
        (WRONG_TRIES_OF_ADDRESS, _hidden(scope, ("address", address))),
    )


def _hidden(scope: str, key: tuple[str, ...]) -> tuple[str, str]:
    # Addresses and names of people do not lie about in a counter's keys.
    return scope, hashlib.sha256("\0".join(key).encode("utf-8", "surrogatepass")).hexdigest()
