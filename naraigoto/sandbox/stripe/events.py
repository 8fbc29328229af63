"""What happened, told as events: each is kept, and put into the queue of deliveries."""

from naraigoto.sandbox.stripe import shapes
from naraigoto.sandbox.stripe.store import Json, Store, public

HOLD, COPIES = "hold", "copies"


def emit(store: Store, kind: str, thing: Json, previous: Json | None = None) -> None:
    """Tell of it with the thing as it is now."""
    customer = thing["id"] if thing["object"] == "customer" else thing.get("customer")
    now = store.now(customer)
    event = store.add(shapes.event(kind, public(thing), previous, now), customer=customer)
    state = "held" if store.switch(HOLD) else "waiting"
    for _ in range(int(store.switch(COPIES, "1"))):
        put = store.sql.execute(
            "INSERT INTO deliveries (event, type, customer, place, state, due) VALUES (?, ?, ?, 0, ?, 0)",
            (event["id"], kind, customer, state),
        )
        store.sql.execute("UPDATE deliveries SET place = id WHERE id = ?", (put.lastrowid,))
