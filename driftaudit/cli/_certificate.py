"""The certificate with which an application signs in: how long it lasts."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from driftaudit.errors import UsageError


def ends_at(path: Path, password: str | None) -> datetime:
    """Return the instant at which a PEM or PKCS12 file's certificate ends; raise UsageError if there is none."""
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import pkcs12

    try:
        data = path.read_bytes()
        if b"-----BEGIN CERTIFICATE-----" in data:
            return x509.load_pem_x509_certificate(data).not_valid_after_utc
        packed = pkcs12.load_pkcs12(data, password.encode() if password else None).cert
    except OSError as error:
        raise UsageError(
            f"The certificate {path} cannot be read: {error.strerror}.", "Check the path in [sign_in] certificate."
        ) from None
    except ValueError:
        packed = None
    if packed is None:
        raise UsageError(
            f"{path} holds no certificate, or its password is another one.",
            "Name a PEM or PKCS12 file in [sign_in] certificate, its password in DRIFTAUDIT_CERTIFICATE_PASSWORD.",
        )
    return packed.certificate.not_valid_after_utc
