"""HTTPS and WSS on one machine: a certificate for this start, by an authority of its own that lives as long.

The authority's certificate is written where clients can be pointed to it; its key is never written. The composition
root calls it when it is asked for TLS, because some clients speak to `wss://` alone.
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
    """What the server shows, and the file by which a client believes it."""

    context: ssl.SSLContext = field(repr=False)
    authority: Path
    """The authority's certificate in PEM."""


@contextmanager
def certificate() -> Iterator[Certificate]:
    """A certificate for the loopback's names; its authority's file is gone at the end."""
    import trustme  # noqa: PLC0415 - who starts without TLS need not wait for it

    authority = trustme.CA(organization_name="ScopeSmith on this machine")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(*NAMES).configure_cert(context)
    with tempfile.TemporaryDirectory(prefix="scopesmith-tls-") as folder:
        path = Path(folder, "authority.pem")
        authority.cert_pem.write_to_path(str(path))
        yield Certificate(context, path)
