"""Which identity provider the settings name: any by OpenID discovery, or Amazon Cognito by its own rules."""

from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urlsplit

from naraigoto.settings import LOOPBACK, Settings

Mistake = Literal["two_providers", "oidc_incomplete", "cognito_incomplete", "not_https"]
_COGNITO_HOST: Final = "https://cognito-idp.{region}.amazonaws.com/{pool}"
_COGNITO_DOMAIN: Final = "https://{prefix}.auth.{region}.amazoncognito.com"


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where a provider answers; "" where it offers nothing."""

    authorize: str
    token: str
    jwks: str
    userinfo: str = ""
    sign_out: str = ""
    secret_in_body: bool = False


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider and how it knows us; without `endpoints` its discovery document tells them."""

    kind: Literal["oidc", "cognito"]
    issuer: str
    client_id: str
    client_secret: str
    name: str
    endpoints: Endpoints | None


def from_settings(settings: Settings) -> Provider | None:
    """The provider of this site, or None: people then sign in with a password kept here."""
    if mistake(settings) is not None:
        return None
    if settings.oidc_issuer:
        return _oidc(settings)
    return _cognito(settings) if settings.cognito_user_pool_id else None


def mistake(settings: Settings) -> Mistake | None:
    """What is wrong with the settings of a provider, if one is meant at all."""
    oidc = (settings.oidc_issuer, settings.oidc_client_id)
    cognito = (settings.cognito_user_pool_id, settings.cognito_client_id, settings.cognito_domain)
    if any(oidc) and any(cognito):
        return "two_providers"
    if any(oidc) and not all(oidc):
        return "oidc_incomplete"
    if any(cognito) and not all((*cognito, settings.aws_region)):
        return "cognito_incomplete"
    addresses = [address for address in (settings.oidc_issuer, _domain(settings)) if address]
    if not all(trustworthy(address, production=settings.production) for address in addresses):
        return "not_https"
    return None


def trustworthy(address: str, *, production: bool) -> bool:
    """True for https; outside production also for http on this very machine."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:  # half an IPv6 address
        return False
    if parts.scheme == "https":
        return bool(host)
    return parts.scheme == "http" and host in LOOPBACK and not production


def _oidc(settings: Settings) -> Provider:
    return Provider(
        kind="oidc",
        issuer=settings.oidc_issuer or "",
        client_id=settings.oidc_client_id or "",
        client_secret=_secret(settings),
        name=settings.oidc_name,
        endpoints=None,
    )


def _cognito(settings: Settings) -> Provider:
    # The hosted pages answer at a domain of their own; tokens name the pool as their issuer.
    pool, domain = settings.cognito_user_pool_id or "", _domain(settings)
    issuer = _COGNITO_HOST.format(region=settings.aws_region, pool=pool)
    return Provider(
        kind="cognito",
        issuer=issuer,
        client_id=settings.cognito_client_id or "",
        client_secret=_secret(settings),
        name=settings.oidc_name,
        endpoints=Endpoints(
            authorize=f"{domain}/oauth2/authorize",
            token=f"{domain}/oauth2/token",
            jwks=f"{issuer}/.well-known/jwks.json",
            userinfo=f"{domain}/oauth2/userInfo",
            sign_out=f"{domain}/logout",
        ),
    )


def _domain(settings: Settings) -> str:
    """The hosted domain as an address: given as a prefix, a host or a whole address."""
    given = (settings.cognito_domain or "").rstrip("/")
    if not given or "://" in given:
        return given
    if "." in given:
        return f"https://{given}"
    return _COGNITO_DOMAIN.format(prefix=given, region=settings.aws_region)


def _secret(settings: Settings) -> str:
    return settings.oidc_client_secret.get_secret_value() if settings.oidc_client_secret else ""
