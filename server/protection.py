"""The rules every request and every answer obeys: no foreign origins, no forms, strict headers."""

from flask import Flask, Request, Response, request

from server.errors import DomainError
from server.settings import Settings

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
CHUNK_TYPE = "application/offset+octet-stream"
"""A part of a blob, as tus calls it; like the others, no form of another site can send it unasked."""
MEDIA_TYPES = {"application/json", "application/x-ndjson", CHUNK_TYPE}

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob:",
        "media-src 'self' blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)


def security_headers(settings: Settings) -> dict[str, str]:
    """What goes with every answer, from Flask or straight from a file."""
    headers = {
        "Content-Security-Policy": CONTENT_SECURITY_POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(self), geolocation=(self), microphone=(self), payment=()",
    }
    if settings.is_https:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return headers


def protect(app: Flask, settings: Settings) -> None:
    """Apply the rules to the whole app."""
    headers = security_headers(settings)

    def refuse_foreign() -> None:
        if request.method in UNSAFE:
            check_origin(request, settings.public_origin)
            check_media_type(request)

    def add_headers(response: Response) -> Response:
        response.headers.extend({k: v for k, v in headers.items() if k not in response.headers})
        # Data never stays in a cache between us and the device; the shell sets its own rule.
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    app.before_request(refuse_foreign)
    app.after_request(add_headers)


def check_origin(request: Request, our_origin: str) -> None:
    """Other sites can send neither our header nor our origin; raises 403."""
    if request.headers.get("X-Baifang") != "1":
        raise DomainError("header_required", 403)
    if request.headers.get("Origin", our_origin) != our_origin:
        raise DomainError("foreign_origin", 403, {"origin": our_origin})


def check_media_type(request: Request) -> None:
    """Forms and plain text are what other sites can send unasked; raises 415."""
    has_body = bool(request.content_length) or "Transfer-Encoding" in request.headers
    if has_body and request.mimetype not in MEDIA_TYPES:
        raise DomainError("unsupported_media_type", 415)
