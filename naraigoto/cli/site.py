"""`serve`, `dev`, `stop` and `demo`: the whole site on this machine."""

import os
import sys
import time
from contextlib import ExitStack, suppress
from typing import Annotated

import typer

from naraigoto import clock, preflight, progress
from naraigoto.cli.database import database, down
from naraigoto.preflight import CannotRun
from naraigoto.settings import get_settings
from naraigoto.texts import operations as texts


def serve() -> None:
    """Everything `make run` needs, on one port, until Ctrl-C."""
    from naraigoto import serving
    from naraigoto.sandbox.stripe import running as stripe

    settings, host = get_settings(), os.environ.get("HOST", "127.0.0.1")
    if lines := preflight.problems(settings):
        raise CannotRun("\n".join(lines))
    serving.refuse_busy_port(host, settings.port)
    with suppress(serving.Stopped), ExitStack() as stack:
        stack.enter_context(serving.stop_on_signals())
        stack.enter_context(serving.registered(settings.data_dir, settings.port))
        stack.enter_context(stripe.sandbox(settings, host=host))
        url = stack.enter_context(database())
        _bring_up_to_date(url)
        _fill_sandbox(url)
        _bring_bundle_up_to_date()
        with progress.step(texts.STEP_SERVER):
            site = stack.enter_context(serving.server(host, settings.port, url))
        _welcome()
        raise CannotRun(texts.SITE_ENDED.format(status=site.wait()))


def dev() -> None:
    """The same with hot reload; Reflex builds and watches by itself."""
    from naraigoto import serving
    from naraigoto.sandbox.stripe import running as stripe

    settings = get_settings()
    if settings.production:
        raise CannotRun(texts.NOT_IN_PRODUCTION)
    serving.refuse_busy_port("127.0.0.1", settings.port)
    with suppress(serving.Stopped), ExitStack() as stack:
        stack.enter_context(serving.stop_on_signals())
        stack.enter_context(serving.registered(settings.data_dir, settings.port))
        stack.enter_context(stripe.sandbox(settings))
        url = stack.enter_context(database())
        _bring_up_to_date(url)
        _fill_sandbox(url)
        site = stack.enter_context(serving.reloading_server(settings.port, url))
        _welcome()
        raise CannotRun(texts.SITE_ENDED.format(status=site.wait()))


def stop() -> None:
    """End every site on this data folder, then the embedded cluster."""
    from naraigoto import serving

    settings = get_settings()
    count = serving.stop_all(settings.data_dir)
    typer.echo(texts.STOPPED.format(count=count) if count else texts.NOTHING_RUNS)
    if settings.database_url is None and not settings.production:
        down()


def demo(
    schools: Annotated[int, typer.Option("--schools", min=0, help=texts.HELP_SCHOOLS)] = 0,
    seed: Annotated[int, typer.Option("--seed", help=texts.HELP_SEED)] = 20261124,
) -> None:
    """Load the demo data into an empty database; `--schools N` adds that many more schools."""
    if get_settings().production:
        raise CannotRun(texts.NOT_IN_PRODUCTION)
    with database() as url:
        _bring_up_to_date(url)
        if schools:
            _add_schools(url, schools, seed)
        else:
            typer.echo(texts.DEMO_ACCOUNTS)


def _bring_up_to_date(url: str) -> None:
    from naraigoto import migrations
    from naraigoto.reference import load_reference

    if not migrations.is_current(url):
        with progress.step(texts.STEP_MIGRATE):
            migrations.migrate(url)
            load_reference(url)
    if get_settings().production:
        if migrations.has_demo_accounts(url):
            raise CannotRun(texts.NEEDS_NO_DEMO)
    elif not migrations.has_people(url):
        _load_demo(url)


def _fill_sandbox(url: str) -> None:
    from naraigoto.sandbox.stripe import running as stripe

    settings = get_settings()
    if stripe.wanted(settings):
        with progress.step(texts.STEP_STRIPE):
            stripe.seed(settings, url)


def _load_demo(url: str) -> None:
    from naraigoto import demo
    from naraigoto.sandbox.stripe import running as stripe

    try:
        with progress.step(texts.STEP_DEMO):
            demo.load(url, now=clock.now())
            stripe.forget(get_settings())
    except demo.DemoRefused as refusal:
        raise CannotRun(str(refusal)) from None


def _add_schools(url: str, count: int, seed: int) -> None:
    from naraigoto import demo

    begun = time.monotonic()
    progress_line = demo.progress_line() if sys.stdout.isatty() else None
    made = demo.add_schools(url, count, now=clock.now(), seed=seed, progress=progress_line)
    seconds = time.monotonic() - begun
    progress.say(texts.SCHOOLS_ADDED.format(count=count, made=made, seconds=seconds, rate=count / seconds))


def _bring_bundle_up_to_date() -> None:
    from naraigoto import bundle

    if get_settings().production:
        if not bundle.client_folder().is_dir():
            raise CannotRun(texts.NO_BUNDLE)
    elif not bundle.is_current():
        with progress.step(texts.STEP_BUILD):
            bundle.build()


def _welcome() -> None:
    from naraigoto.sandbox.stripe import running as stripe

    settings = get_settings()
    progress.say("\n" + texts.READY.format(url=settings.public_url))
    if not settings.production:
        practice = texts.PRACTICE.format(url=settings.public_url) if stripe.wanted(settings) else ""
        progress.say(f"{texts.DEMO_ACCOUNTS}\n{practice}{texts.HOW_TO_END}")
