"""Fields for passwords, alike wherever one is asked for or chosen."""

from naraigoto.components.fetch_form import FormField, Strength
from naraigoto.texts import login, sign_up

_STRENGTH = Strength(
    sign_up.STRENGTH_LEAST,
    sign_up.STRENGTH_GOOD,
    sign_up.STRENGTH_SHORT,
    sign_up.STRENGTH_FAIR,
    sign_up.STRENGTH_STRONG,
)


def current_password(name: str = "password", label: str = login.PASSWORD) -> FormField:
    """The password a person has."""
    return FormField(
        name,
        label,
        type="password",
        auto_complete="current-password",
        show=login.SHOW,
        hide=login.HIDE,
    )


def new_password(name: str = "password", label: str = sign_up.NEW_PASSWORD) -> FormField:
    """The password a person chooses: it says how long is long enough while they type."""
    return FormField(
        name,
        label,
        type="password",
        auto_complete="new-password",
        hint=sign_up.PASSWORD_HINT,
        show=login.SHOW,
        hide=login.HIDE,
        strength=_STRENGTH,
    )
