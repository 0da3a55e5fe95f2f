"""HTTP and HTTPS on 127.0.0.1: the listeners, the certificate, and the pages that a browser loads."""
