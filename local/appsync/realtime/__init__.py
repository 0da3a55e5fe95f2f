"""AppSync's real-time protocol: `protocol` is a core without I/O, and `sockets` connects it to WebSockets."""
