"""EC2's errors: raised by the rules, and written as XML by the gateway."""

from __future__ import annotations

import uuid
from http import HTTPStatus
from xml.sax.saxutils import escape

from moto.ec2.exceptions import EC2ClientError


def refuse(code: str, message: str) -> EC2ClientError:
    """The exception that moto turns into EC2's 400 answer."""
    return EC2ClientError(code, message)


def status_line(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"{status} Error"


def error_body(code: str, message: str) -> bytes:
    """Source: Amazon EC2 API Reference, "Error codes", section "Error response"."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<Response><Errors><Error><Code>{escape(code)}</Code><Message>{escape(message)}</Message></Error></Errors>"
        f"<RequestID>{uuid.uuid4()}</RequestID></Response>"
    ).encode()
