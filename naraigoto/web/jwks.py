"""The public halves of our signing keys, for whoever checks our tokens."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from naraigoto import clock
from naraigoto.adapters.identity.keys import local_keys
from naraigoto.rules import JWKS_CACHED

router = APIRouter(include_in_schema=False)


@router.get("/.well-known/jwks.json")
def read_jwks() -> JSONResponse:
    """Every key by which a token of ours can be good now."""
    keys = [{"alg": "RS256"} | key for key in local_keys().public(clock.now())]
    fresh = f"public, max-age={int(JWKS_CACHED.total_seconds())}"
    return JSONResponse({"keys": keys}, headers={"Cache-Control": fresh})
