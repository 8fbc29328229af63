"""A Stripe of one's own machine: it speaks Stripe's HTTP protocol to the official client.

A process of its own on a loopback port, with state of its own under NARAIGOTO_DATA/stripe. People see its
pages through the site, below /dev/stripe (docs/decisions/0011-stripe-sandbox.md). Never in production.
"""
