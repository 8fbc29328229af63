"""Reflex configuration: everything comes from naraigoto.settings."""

import os

os.environ.setdefault("REFLEX_TELEMETRY_ENABLED", "false")
os.environ.setdefault("REFLEX_CHECK_LATEST_VERSION", "false")
os.environ.setdefault("REFLEX_USE_GRANIAN", "true")

import reflex as rx
from reflex_base.constants import StateManagerMode

from naraigoto.settings import get_settings
from naraigoto.web.bundle_patches import BundlePatches
from naraigoto.web.dev_proxy import DevProxyPlugin

settings = get_settings()

config = rx.Config(
    app_name="naraigoto",
    api_url=settings.public_url,
    deploy_url=settings.public_url,
    backend_port=settings.port,
    frontend_port=settings.port,
    cors_allowed_origins=settings.allowed_origins,
    trusted_proxy_hops=settings.trusted_proxy_hops,
    telemetry_enabled=False,
    show_built_with_reflex=False,
    state_manager_mode=StateManagerMode.MEMORY,  # one process; several need Redis (docs/decisions)
    redis_token_expiration=900,
    transport="websocket",
    default_color_mode="system",
    plugins=[rx.plugins.TailwindV4Plugin(), BundlePatches(), DevProxyPlugin()],
    disable_plugins=[rx.plugins.SitemapPlugin, rx.plugins.RadixThemesPlugin],
)
