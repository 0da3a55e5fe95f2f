"""AppSync's real-time protocol: a core without I/O (`protocol`), and the WebSockets around it (`sockets`)."""
