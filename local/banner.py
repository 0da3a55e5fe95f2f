"""What `python -m local` prints at its start: where everything is, and commands to paste.

Pure text. The commands are quoted for a shell, so that you can paste them unchanged.
"""

import json
import shlex
from urllib.parse import quote

from local.stack import LocalStack

_SUBMIT = (
    'mutation { submitAssessment(input: {clientName: "Example Ltd", '
    'requirements: "Customers must see their orders online."}) { id status } }'
)

_TRUST = """Let clients trust the certificate for as long as this runs:

  export NODE_EXTRA_CA_CERTS={authority}   # Node
  export SSL_CERT_FILE={authority}         # Python, and scopesmith"""


def banner(stack: LocalStack) -> str:
    """The text to print for a running stack."""
    rows = {
        "page": stack.page,
        "playground": f"{stack.page}playground#x-api-key={quote(stack.api_key, safe='')}",
        "sign in": _users(stack),
        "GraphQL": stack.endpoint,
        "real-time": f"{stack.endpoint.replace('http', 'ws', 1)}/realtime",
        "API key": stack.api_key,
        "agent": stack.agent,
        "log": str(stack.log) if stack.log else "shown below",
        "data": f"kept in {stack.data}"
        if stack.data
        else "in memory: all sessions are gone when this stops (see --data)",
    }
    lines = ["ScopeSmith runs on this machine.", ""]
    lines += [f"  {name:<10} {value}" for name, value in rows.items()]
    if stack.authority:
        lines += ["", _TRUST.format(authority=shlex.quote(str(stack.authority)))]
    lines += ["", "Submit an assessment and follow it:", "", f"  {follow(stack)}", ""]
    lines += ["Or submit one by hand:", "", f"  {curl(stack)}", "", "Ctrl-C stops it."]
    return "\n".join(lines)


def page_banner(page: str, endpoint: str) -> str:
    """The text to print when only the page is served here, for an API elsewhere."""
    rows = {"page": page, "playground": f"{page}playground", "GraphQL": endpoint}
    lines = ["The page of a deployed ScopeSmith.", "", *(f"  {name:<10} {value}" for name, value in rows.items())]
    return "\n".join([*lines, "", "Ctrl-C stops it."])


def _users(stack: LocalStack) -> str:
    """The users who can sign in, and the password that they share."""
    names = " or ".join(account.username for account in stack.users.accounts)
    return f"{names}, password {stack.users.accounts[0].password}"


def follow(stack: LocalStack) -> str:
    """The `scopesmith` command that submits the sample notes and shows the progress of the assessment."""
    trusting = ["env", f"SSL_CERT_FILE={stack.authority}"] if stack.authority else []
    notes = ["submit", "local/sample_notes.md", "--client-name", "Example Ltd"]
    return shlex.join(
        [*trusting, "uv", "run", "scopesmith", *notes, "--endpoint", stack.endpoint, "--api-key", stack.api_key]
    )


def curl(stack: LocalStack) -> str:
    """A curl command that submits a small assessment."""
    headers = ["-H", f"x-api-key: {stack.api_key}", "-H", "content-type: application/json"]
    trusting = ["--cacert", str(stack.authority)] if stack.authority else []
    return shlex.join(["curl", *trusting, stack.endpoint, *headers, "-d", json.dumps({"query": _SUBMIT})])
