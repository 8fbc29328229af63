"""The operator's command line."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from naraigoto import migrations
from naraigoto.adapters.identity.keys import local_keys
from naraigoto.cli import main
from naraigoto.cli.config import shown
from naraigoto.settings import get_settings
from naraigoto.texts import operations as texts
from tests.database import cluster, throwaway


@dataclass(frozen=True)
class Answer:
    """What a command said and how it ended."""

    returncode: int
    stdout: str
    stderr: str


Run = Callable[..., Answer]


@pytest.fixture
def naraigoto(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Runs a command in this process: `naraigoto("config", "check", PORT="abc")`."""

    def run(*arguments: str, **env: str) -> Answer:
        monkeypatch.setattr(sys, "argv", ["naraigoto", *arguments])
        for name, value in env.items():
            monkeypatch.setenv(name, value)
        get_settings.cache_clear()
        with pytest.raises(SystemExit) as end:
            main()
        said = capsys.readouterr()
        return Answer(int(end.value.code or 0), said.out, said.err)

    yield run
    get_settings.cache_clear()


def test_a_wrong_setting_is_one_line_that_names_it(naraigoto: Run):
    refused = naraigoto("config", "check", PORT="abc")
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert "PORT" in refused.stderr


def test_config_check_explains_every_setting(naraigoto: Run):
    explained = naraigoto("config", "check")
    assert explained.returncode == 0
    for name in (
        *("NARAIGOTO_ENV", "PORT", "NARAIGOTO_DATA", "DATABASE_URL", "PUBLIC_URL", "MAIL_FROM"),
        *("STRIPE_API_KEY", "STRIPE_WEBHOOK_SECRET", "STRIPE_WEBHOOK_SECRET_PREVIOUS", "STRIPE_API_BASE"),
    ):
        assert f"{name} = " in explained.stdout


def test_config_check_names_what_production_refuses_one_line_each(naraigoto: Run):
    refused = naraigoto("config", "check", NARAIGOTO_ENV="production")
    assert refused.returncode == 1
    lines = refused.stderr.splitlines()
    for name in ("DATABASE_URL", "PUBLIC_URL", "MAIL_FROM", "CONTACT_EMAIL", "STRIPE_WEBHOOK_SECRET"):
        assert sum(name in line for line in lines) == 1


def test_half_an_identity_provider_is_one_line(naraigoto: Run):
    refused = naraigoto("config", "check", OIDC_ISSUER="https://id.example.com")
    assert refused.returncode == 1
    assert refused.stderr.strip() == texts.WRONG_PROVIDER["oidc_incomplete"]
    given = {"OIDC_ISSUER": "https://id.example.com", "OIDC_CLIENT_ID": "site"}
    fine = naraigoto("config", "check", **given, OIDC_CLIENT_SECRET="s3cret")
    assert fine.returncode == 0, fine.stderr
    assert "s3cret" not in fine.stdout
    assert "OIDC_ISSUER = https://id.example.com" in fine.stdout


def test_signing_keys_are_listed_and_rotated_with_a_pause(naraigoto: Run, tmp_path: Path):
    folder = str(tmp_path)
    local_keys.cache_clear()
    first = naraigoto("keys", "list", NARAIGOTO_DATA=folder).stdout
    assert first.count("\n") == 1
    assert texts.KEY_SIGNS in first
    assert naraigoto("keys", "rotate", NARAIGOTO_DATA=folder).returncode == 0
    both = naraigoto("keys", "list", NARAIGOTO_DATA=folder).stdout
    assert both.startswith(first.strip())
    assert texts.KEY_WAITS in both
    again = naraigoto("keys", "rotate", NARAIGOTO_DATA=folder)
    local_keys.cache_clear()
    assert (again.returncode, again.stderr.strip()) == (1, texts.KEY_TOO_SOON)


def test_config_check_shows_no_key_of_stripe(naraigoto: Run):
    keys = {"STRIPE_API_KEY": "sk_test_hush", "STRIPE_WEBHOOK_SECRET": "whsec_hush"}
    shown_all = naraigoto("config", "check", **keys, STRIPE_WEBHOOK_SECRET_PREVIOUS="whsec_older")
    assert shown_all.returncode == 0
    assert "STRIPE_API_KEY = ••••" in shown_all.stdout
    assert "hush" not in shown_all.stdout
    assert "whsec_older" not in shown_all.stdout


@pytest.mark.parametrize(
    "base", ["http://127.0.0.1:9000", "http://api.stripe.com", "https://stripe.com.example"]
)
def test_a_live_key_is_never_sent_to_anybody_else(naraigoto: Run, base: str):
    refused = naraigoto("config", "check", STRIPE_API_KEY="sk_live_1", STRIPE_API_BASE=base)
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert "STRIPE_API_BASE" in refused.stderr
    assert "sk_live_1" not in refused.stderr + refused.stdout


def test_production_never_starts_with_an_embedded_database(naraigoto: Run):
    refused = naraigoto("db", "up", NARAIGOTO_ENV="production")
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert "DATABASE_URL" in refused.stderr


def test_a_password_inside_a_url_is_not_shown():
    assert shown("database_url", "postgresql://me:hush@host/db") == "postgresql://me:••••@host/db"
    assert shown("stripe_api_key", "sk_live_1") == "••••"
    assert shown("port", 3000) == "3000"


def test_an_unreachable_database_is_one_line(naraigoto: Run):
    refused = naraigoto("outbox", "list", DATABASE_URL="postgresql+psycopg://nobody@127.0.0.1:1/none")
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert "DATABASE_URL" in refused.stderr


def test_jobs_are_listed_and_run_by_name_at_a_moment(naraigoto: Run, template: str):
    with throwaway(cluster(), template) as url:
        listed = naraigoto("jobs", "list", DATABASE_URL=url)
        assert "housekeeping" in listed.stdout
        ran = naraigoto("jobs", "run", "housekeeping", "--at", "2026-11-24T12:00", DATABASE_URL=url)
        assert (ran.returncode, ran.stdout) == (0, "housekeeping: 0件\n")
        unknown = naraigoto("jobs", "run", "nonsense", DATABASE_URL=url)
        assert unknown.returncode == 1
        assert "housekeeping" in unknown.stderr


def test_create_admin_makes_an_admin_once(naraigoto: Run, template: str):
    with throwaway(cluster(), template) as url:
        env = {"DATABASE_URL": url, "NARAIGOTO_ADMIN_PASSWORD": "a long enough secret"}
        ask = ("user", "create-admin", "--email", "boss@example.com", "--name", "運営")
        assert naraigoto(*ask, **env).returncode == 0
        again = naraigoto(*ask, **env)
        assert (again.returncode, again.stderr.count("\n")) == (1, 1)
        assert "email" in again.stderr
        with migrations.connect(url) as connection:
            admins = connection.execute("SELECT email, type FROM users").fetchall()
    assert admins == [("boss@example.com", "admin")]


def test_the_outbox_is_listed_and_retried(naraigoto: Run, template: str):
    with throwaway(cluster(), template) as url:
        assert "dead       0" in naraigoto("outbox", "list", DATABASE_URL=url).stdout
        assert naraigoto("outbox", "retry", DATABASE_URL=url).stdout.startswith("0")


def test_migrating_down_to_nothing_and_up_again_ends_where_it_began(template: str):
    with throwaway(cluster(), template) as url:
        assert migrations.is_current(url)
        migrations.migrate(url, "base")
        assert migrations.present(url) == set()
        migrations.migrate(url)
        assert migrations.is_current(url)


def test_a_database_never_migrated_is_not_current():
    with cluster().hold(), throwaway(cluster(), "template0") as url:
        assert not migrations.is_current(url)


@pytest.mark.parametrize("when", ["tomorrow", "2026-13-01"])
def test_a_moment_nobody_can_read_is_one_line(naraigoto: Run, when: str):
    refused = naraigoto("jobs", "run", "housekeeping", "--at", when)
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert when in refused.stderr


def test_demo_data_is_refused_in_production(naraigoto: Run):
    refused = naraigoto("demo", NARAIGOTO_ENV="production")
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert "production" in refused.stderr


def test_dead_webhooks_are_listed_and_replayed(naraigoto: Run, template: str):
    with throwaway(cluster(), template) as url:
        dead = (
            "INSERT INTO webhook_events"
            " (id, event_id, type, payload, received_at, run_at, dead_at, last_error)"
            " VALUES (gen_random_uuid(), 'evt_1', 'invoice.paid', '{}', now(), now(), now(), 'PlanUnknown')"
        )
        with psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://")) as connection:
            connection.execute(dead)
        listed = naraigoto("webhooks", "list", DATABASE_URL=url)
        assert "処理できなかった 1" in listed.stdout
        assert "invoice.paid  PlanUnknown" in listed.stdout
        assert "1件" in naraigoto("webhooks", "replay", DATABASE_URL=url).stdout
        assert "処理待ち 1" in naraigoto("webhooks", "list", DATABASE_URL=url).stdout
