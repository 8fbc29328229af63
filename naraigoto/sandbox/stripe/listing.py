"""Lists and expansions: the filters and the `expand` paths that clients of ours use."""

from typing import Any

from naraigoto.sandbox.stripe.forms import StripeRefusal
from naraigoto.sandbox.stripe.shapes import listed
from naraigoto.sandbox.stripe.store import Json, Store, public

_SAME = ("customer", "subscription", "invoice", "payment_intent", "product", "type", "charge")


def page(store: Store, kind: str, url: str, params: Json) -> Json:
    """One page of the things that fit, newest first."""
    found = [each for each in store.all(kind, customer=params.get("customer")) if _fits(each, params)]
    if after := params.get("starting_after"):
        ids = [each["id"] for each in found]
        if after not in ids:
            raise StripeRefusal(f"No such object: '{after}'", code="resource_missing", param="starting_after")
        found = found[ids.index(after) + 1 :]
    limit = min(int(params.get("limit", 10)), 100)
    return listed(url, found[:limit], has_more=len(found) > limit)


def expand(store: Store, body: Json, paths: list[str]) -> None:
    """Put whole objects in the place of ids."""
    for path in paths:
        _expand(store, body, path.split("."))


def _fits(each: Json, params: Json) -> bool:
    created = params.get("created", {})
    payment = params.get("payment", {})
    return (
        all(_plain(each, name) == params[name] for name in _SAME if name in params)
        and _has_status(each, params)
        and ("lookup_keys" not in params or each["lookup_key"] in params["lookup_keys"])
        and ("active" not in params or each["active"] == (params["active"] == "true"))
        and int(created.get("gte", 0)) <= each.get("created", 0) <= int(created.get("lte", 1 << 40))
        and ("payment_intent" not in payment or _plain(each, "payment_intent") == payment["payment_intent"])
    )


def _plain(each: Json, name: str) -> Any:
    """The value itself, or inside the places where Stripe keeps it since 2025."""
    if name == "subscription" and each["object"] == "invoice":
        return each["parent"]["subscription_details"]["subscription"]
    if name == "payment_intent" and each["object"] == "invoice_payment":
        return each["payment"]["payment_intent"]
    return each.get(name)


def _has_status(each: Json, params: Json) -> bool:
    wanted = params.get("status")
    if each["object"] == "subscription" and wanted is None:
        return each["status"] != "canceled"
    return wanted in {None, "all", each.get("status")}


def _expand(store: Store, node: Any, steps: list[str]) -> None:
    if isinstance(node, list):
        for each in node:
            _expand(store, each, steps)
        return
    if not steps or not isinstance(node, dict):
        return
    name, *rest = steps
    value = node.get(name)
    if name == "payments" and node.get("object") == "invoice":
        links = store.all("invoice_payment", customer=node["customer"])
        mine = [public(each) for each in links if each["invoice"] == node["id"]]
        node[name] = listed("/v1/invoice_payments", mine)
    elif isinstance(value, str) and (found := store.get(value)):
        node[name] = public(found)
    _expand(store, node.get(name), rest)
