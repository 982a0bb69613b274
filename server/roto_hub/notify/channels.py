"""Letters by SMTP and calls by HTTP. A fault is answered in words, so that it can be shown and tried again."""

import hashlib
import hmac
import html
import json
import smtplib
import ssl
import time
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

import httpx2

from roto_hub.settings import HubSettings

TIMEOUT_S = 15.0
SIGNATURE = "X-Roto-Signature"


@dataclass(frozen=True)
class Call:
    """A webhook's call: ``slack`` wants a text alone and checks no signature."""

    url: str
    format: str
    secret: str
    content: dict[str, Any]


def send_letter(settings: HubSettings, address: str, content: dict[str, Any]) -> str:
    """Send a letter; answers what went wrong, or nothing."""
    secure = ssl.create_default_context()
    try:
        letter = _letter(settings, address, content)
        if settings.smtp_security == "tls":
            server = smtplib.SMTP_SSL(settings.smtp_host, settings.smtp_port, timeout=TIMEOUT_S, context=secure)
        else:
            server = smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=TIMEOUT_S)
        with server:
            if settings.smtp_security == "starttls":
                server.starttls(context=secure)
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password)
            server.send_message(letter)
    except Exception as error:  # noqa: BLE001 - for an address that is none, email raises whatever its parser trips over
        return f"{type(error).__name__}: {error}"
    return ""


def send_call(call: Call) -> str:
    """Call a webhook; answers what went wrong, or nothing. Redirects are not followed: they would lead the signed
    content to another address than the administrator's."""
    body = json.dumps(_slack(call.content) if call.format == "slack" else call.content).encode()
    headers = {"Content-Type": "application/json", SIGNATURE: signature(call.secret, body, int(time.time()))}
    try:
        answer = httpx2.post(call.url, content=body, headers=headers, timeout=TIMEOUT_S, follow_redirects=False)
    except (httpx2.HTTPError, httpx2.InvalidURL, UnicodeError) as error:  # the last for a host that is no name
        return f"{type(error).__name__}: {error}"
    return "" if answer.is_success else f"It answered {answer.status_code}."


def signature(secret: str, body: bytes, moment: int) -> str:
    """``t=<seconds>,v1=<HMAC-SHA256 of "<seconds>.<body>" in hexadecimal>``, the way that Stripe's webhooks sign."""
    signed = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256)
    return f"t={moment},v1={signed.hexdigest()}"


def _letter(settings: HubSettings, address: str, content: dict[str, Any]) -> EmailMessage:
    letter = EmailMessage()
    letter["From"] = settings.mail_from or f"roto-hub@{settings.smtp_host}"
    letter["To"], letter["Subject"] = address, content["subject"]
    letter.set_content(content["text"])
    return letter


def _slack(content: dict[str, Any]) -> dict[str, Any]:
    said = f"*{content['project_name']}* {content['text']}"
    return {"text": f"{html.escape(said, quote=False)} <{content['url']}|Open>"}
