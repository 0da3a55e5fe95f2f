"""Prompts for the password at the terminal, unless the login already has one from `SCOPESMITH_PASSWORD`.

It never reads standard input, because that may be the notes. The command line and the demo call it before they start.
"""

import getpass
from dataclasses import replace

from client.errors import ClientError
from client.sign_in import Login


class NoPasswordError(ClientError):
    """There is no terminal to ask for the password."""


def with_password(login: Login) -> Login:
    """The login, with its password."""
    if login.password:
        return login
    try:
        with open("/dev/tty"):  # noqa: PTH123 - a terminal, not a file
            password = getpass.getpass(f"Password of {login.username}: ")
    except (OSError, EOFError) as error:
        raise NoPasswordError("there is no terminal to ask for the password: set SCOPESMITH_PASSWORD") from error
    return replace(login, password=password)
