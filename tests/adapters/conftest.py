"""The practice Stripe for the tests of the adapter."""

from tests.sandbox.practice import stripe, stripe_process

__all__ = ["stripe", "stripe_process"]
