"""The session cookie in its two forms: strict everywhere, and one that WebKit keeps on localhost."""

from flask import Request, Response

from server.settings import Settings

STRICT_NAME = "__Host-baifang"
DEVELOPMENT_NAME = "baifang_dev"


def uses_development_form(settings: Settings) -> bool:
    """Settings let development run only on loopback, so plain http means this machine."""
    return settings.is_development and not settings.is_https


def cookie_name(settings: Settings) -> str:
    """Chromium refuses __Host- without Secure; WebKit drops Secure cookies on http."""
    return DEVELOPMENT_NAME if uses_development_form(settings) else STRICT_NAME


def read_token(request: Request, settings: Settings) -> str | None:
    """The token that the browser sent."""
    return request.cookies.get(cookie_name(settings))


def set_token(response: Response, token: str, settings: Settings) -> None:
    """Hand the token to the browser, out of reach of scripts."""
    is_plain = uses_development_form(settings)
    response.set_cookie(
        cookie_name(settings),
        token,
        max_age=settings.session_absolute_days * 86_400,
        path="/",
        httponly=True,
        secure=not is_plain,
        samesite="Strict" if is_plain else "Lax",
    )


def clear_token(response: Response, settings: Settings) -> None:
    """Make the browser forget the token."""
    is_plain = uses_development_form(settings)
    response.delete_cookie(
        cookie_name(settings),
        path="/",
        httponly=True,
        secure=not is_plain,
        samesite="Strict" if is_plain else "Lax",
    )
