"""HTTPS and WSS on one machine: a certificate, and a certificate authority, that are made anew for each start.

It writes the authority's certificate to a file, so that you can let clients trust it; it never writes a key.
`local.stack` calls it for `--tls`, which exists because some clients only speak `wss://`.
"""

import ssl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

NAMES = ("127.0.0.1", "localhost")


@dataclass(frozen=True)
class Certificate:
    """The server's TLS context, and the file that lets a client trust it."""

    context: ssl.SSLContext = field(repr=False)
    authority: Path
    """The file with the authority's certificate, in PEM."""


@contextmanager
def certificate() -> Iterator[Certificate]:
    """A certificate for the names of the loopback address. The authority's file is deleted at the end."""
    import trustme  # noqa: PLC0415 - without TLS it need not be loaded

    authority = trustme.CA(organization_name="ScopeSmith on this machine")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(*NAMES).configure_cert(context)
    with tempfile.TemporaryDirectory(prefix="scopesmith-tls-") as folder:
        path = Path(folder, "authority.pem")
        authority.cert_pem.write_to_path(str(path))
        yield Certificate(context, path)
