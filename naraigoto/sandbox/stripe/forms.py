"""Requests as Stripe's client writes them: `line_items[0][price]=…`, `expand[]=…`, booleans as words."""

import re
from typing import Any
from urllib.parse import parse_qsl

_PART = re.compile(r"\[([^\]]*)\]")


class StripeRefusal(Exception):
    """An answer with an error, in Stripe's shape."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        code: str | None = None,
        param: str | None = None,
        kind: str = "invalid_request_error",
    ) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"error": {"type": kind, "message": message, "code": code, "param": param}}


def missing(kind: str, id_: str) -> StripeRefusal:
    """There is no such thing."""
    return StripeRefusal(f"No such {kind}: '{id_}'", status=404, code="resource_missing", param="id")


def parse(encoded: str) -> dict[str, Any]:
    """The nested values of a form or a query."""
    root: dict[str, Any] = {}
    for name, value in parse_qsl(encoded, keep_blank_values=True):
        head = name.split("[", 1)[0]
        _put(root, [head, *_PART.findall(name[len(head) :])], value)
    return {key: _settled(value) for key, value in root.items()}


def need(params: dict[str, Any], name: str) -> Any:
    """A value that must be given.

    Raises: StripeRefusal.
    """
    if name not in params:
        raise StripeRefusal(f"Missing required param: {name}.", code="parameter_missing", param=name)
    return params[name]


def is_true(value: object) -> bool:
    """A boolean as Stripe's client sends it."""
    return value == "true"


def _put(node: dict[str, Any], path: list[str], value: str) -> None:
    *way, last = path
    for step in way:
        deeper = node.setdefault(step or str(len(node)), {})
        if not isinstance(deeper, dict):
            raise StripeRefusal(f"Invalid parameter: {path[0]}", code="parameter_invalid", param=path[0])
        node = deeper
    node[last or str(len(node))] = value


def _settled(node: Any) -> Any:
    """Dictionaries whose keys are numbers are lists."""
    if not isinstance(node, dict):
        return node
    settled = {key: _settled(value) for key, value in node.items()}
    if settled and all(key.isdigit() for key in settled):
        return [settled[key] for key in sorted(settled, key=int)]
    return settled
