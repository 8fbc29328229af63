"""One typed place for everything that can be set from outside (contract.md §2)."""

from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT = Path(__file__).resolve().parent.parent
LOOPBACK = ("localhost", "127.0.0.1")


class Environment(StrEnum):
    """Where the program runs; production refuses stand-ins and demo accounts."""

    LOCAL = "local"
    TEST = "test"
    PRODUCTION = "production"


class Settings(BaseSettings):
    """Settings from the environment or `.env`; `python -m naraigoto config check` explains each."""

    model_config = SettingsConfigDict(env_file=PROJECT / ".env", extra="ignore", populate_by_name=True)

    env: Environment = Field(
        Environment.LOCAL, alias="NARAIGOTO_ENV", description="local, test or production"
    )
    port: int = Field(3000, alias="PORT", ge=1, le=65535, description="port of UI, API and websocket")
    data: Path = Field(
        PROJECT / ".local", alias="NARAIGOTO_DATA", description="folder of the cluster, keys, mail and files"
    )
    database_url: str | None = Field(
        None, alias="DATABASE_URL", description="PostgreSQL >= 15 with PostGIS; default: embedded cluster"
    )
    redis_url: str | None = Field(
        None, alias="REDIS_URL", description="shares rate limits between processes; default: in each process"
    )
    trusted_proxy_hops: int = Field(
        0, alias="TRUSTED_PROXY_HOPS", ge=0, description="proxies in front whose X-Forwarded-For is believed"
    )
    public: str | None = Field(
        None, alias="PUBLIC_URL", description="address people use; default: http://localhost:$PORT"
    )
    oidc_issuer: str | None = Field(
        None, alias="OIDC_ISSUER", description="OpenID provider for adults; default: passwords kept here"
    )
    oidc_client_id: str | None = Field(None, alias="OIDC_CLIENT_ID", description="our name at that provider")
    oidc_client_secret: SecretStr | None = Field(
        None, alias="OIDC_CLIENT_SECRET", description="our secret there (also Cognito's), if it gave one"
    )
    oidc_name: str = Field(
        "", alias="OIDC_NAME", description="what people call the provider; stands on the sign-in button"
    )
    cognito_user_pool_id: str | None = Field(
        None,
        alias="COGNITO_USER_POOL_ID",
        description="Amazon Cognito as the provider instead of OIDC_ISSUER",
    )
    cognito_client_id: str | None = Field(
        None, alias="COGNITO_CLIENT_ID", description="app client of the user pool"
    )
    cognito_domain: str | None = Field(
        None, alias="COGNITO_DOMAIN", description="hosted pages of the pool: prefix, host or address"
    )
    aws_region: str | None = Field(None, alias="AWS_REGION", description="region of the user pool")
    mail_from: str = Field(
        "習い事Prime <noreply@localhost>", alias="MAIL_FROM", description="sender of every mail"
    )

    contact_email: str = Field(
        "support@localhost", alias="CONTACT_EMAIL", description="where people write to; stands on /legal"
    )
    stripe_api_key: SecretStr | None = Field(
        None, alias="STRIPE_API_KEY", description="key of a Stripe account; default: the built-in sandbox"
    )
    stripe_webhook_secret: SecretStr | None = Field(
        None,
        alias="STRIPE_WEBHOOK_SECRET",
        description="secret of Stripe's endpoint $PUBLIC_URL/webhooks/stripe; default: the sandbox's own",
    )
    stripe_webhook_secret_previous: SecretStr | None = Field(
        None,
        alias="STRIPE_WEBHOOK_SECRET_PREVIOUS",
        description="also accepted while the secret is being changed",
    )
    stripe_api_base: str | None = Field(
        None, alias="STRIPE_API_BASE", description="another address of Stripe's API; default: Stripe's own"
    )
    map_tile_url: str = Field(
        "",
        alias="MAP_TILE_URL",
        description="map tiles ({z}/{x}/{y}), such as 国土地理院's; default: a plain backdrop",
    )

    @property
    def map_host(self) -> str:
        """Where pictures of the map come from; empty for our own pages only."""
        parts = urlsplit(self.map_tile_url)
        return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""

    @property
    def production(self) -> bool:
        """True where stand-ins and demo accounts are forbidden."""
        return self.env is Environment.PRODUCTION

    @property
    def public_url(self) -> str:
        """Origin of every link we send, without a trailing slash."""
        return (self.public or f"http://localhost:{self.port}").rstrip("/")

    @property
    def allowed_origins(self) -> list[str]:
        """Origins that may open the websocket; on one's own machine both spellings of loopback."""
        loopback = [f"http://{host}:{self.port}" for host in LOOPBACK]
        return [self.public_url, *(url for url in loopback if url != self.public_url and not self.production)]

    @property
    def secure_cookies(self) -> bool:
        """Cookies carry Secure exactly where the site is served over https."""
        return self.public_url.startswith("https://")

    @property
    def data_dir(self) -> Path:
        """Absolute data folder (a relative NARAIGOTO_DATA counts from the project folder)."""
        return self.data if self.data.is_absolute() else PROJECT / self.data


@lru_cache
def get_settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()  # pyright: ignore[reportCallIssue]  # every field has a default or an alias
