"""The small server behind TLS, with a certificate made on the spot."""

from __future__ import annotations

import ssl
from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from tests.graph.small_server import SmallServer, serving


def certificate_files(folder: Path, password: str = "") -> tuple[Path, Path]:
    """Return a certificate for this machine, and the same with its private key behind it."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1))
        .not_valid_after(datetime(2200, 1, 1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public = certificate.public_bytes(serialization.Encoding.PEM)
    lock = serialization.BestAvailableEncryption(password.encode()) if password else serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, lock)
    (folder / "public.pem").write_bytes(public)
    (folder / "both.pem").write_bytes(private + public)
    return folder / "public.pem", folder / "both.pem"


@contextmanager
def https_server(folder: Path) -> Generator[tuple[SmallServer, Path]]:
    """Run a server behind TLS; return it, and the certificate by which it can be trusted."""
    public, both = certificate_files(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    server = SmallServer()
    server.socket = context.wrap_socket(server.socket, server_side=True)
    with serving(server):
        yield server, public
