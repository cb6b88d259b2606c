"""The certificate with which an application signs in: how long it lasts."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from driftaudit.delivery_settings import MAIL_CERTIFICATE_PASSWORD
from driftaudit.errors import UsageError


def ends_at(path: Path, password: str | None, table: str = "[sign_in]") -> datetime:
    """Return the instant at which a PEM or PKCS12 file's certificate ends; raise UsageError if there is none."""
    variable = "DRIFTAUDIT_CERTIFICATE_PASSWORD" if table == "[sign_in]" else MAIL_CERTIFICATE_PASSWORD
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import pkcs12

    try:
        data = path.read_bytes()
        if b"-----BEGIN CERTIFICATE-----" in data:
            return x509.load_pem_x509_certificate(data).not_valid_after_utc
        packed = pkcs12.load_pkcs12(data, password.encode() if password else None).cert
    except OSError as error:
        raise UsageError(
            f"The certificate {path} cannot be read: {error.strerror}.", f"Check the path in {table} certificate."
        ) from None
    except ValueError:
        packed = None
    if packed is None:
        raise UsageError(
            f"{path} holds no certificate, or its password is another one.",
            f"Name a PEM or PKCS12 file in {table} certificate, its password in {variable}.",
        )
    return packed.certificate.not_valid_after_utc
