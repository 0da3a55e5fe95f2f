"""What a check finds, in a line. `cdk.account.checks` writes them, `cdk.account.command` prints them."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from botocore.exceptions import BotoCoreError, ClientError

_NO_RIGHT = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"})


class Verdict(StrEnum):
    """What a finding means for the deployment."""

    OK = "ok"
    WARNING = "warn"
    """It may work: the check can't tell."""
    FAILED = "FAIL"


@dataclass(frozen=True)
class Finding:
    """One line of the answer."""

    verdict: Verdict
    about: str
    text: str
    """What was found and, unless all is well, what to do."""

    @property
    def fails(self) -> bool:
        return self.verdict is Verdict.FAILED

    def __str__(self) -> str:
        return f"{self.verdict:<5} {self.about}: {self.text}"


def ok(about: str, text: str) -> Finding:
    return Finding(Verdict.OK, about, text)


def warning(about: str, text: str) -> Finding:
    return Finding(Verdict.WARNING, about, text)


def failed(about: str, text: str) -> Finding:
    return Finding(Verdict.FAILED, about, text)


def code_of(error: ClientError) -> str:
    """The error's code, as AWS sends it."""
    return error.response["Error"].get("Code", "")


def looked_up(about: str, check: Callable[[], Finding]) -> Finding:
    """Run a check. If AWS doesn't answer it, that is what was found.

    A caller without the right to look may still deploy, so that is only a warning.
    """
    try:
        return check()
    except ClientError as error:
        judged = warning if code_of(error) in _NO_RIGHT else failed
        return judged(about, f"could not be checked. {_in_a_line(error)}")
    except BotoCoreError as error:
        return failed(about, f"could not be checked. {_in_a_line(error)}")


def _in_a_line(error: Exception) -> str:
    return " ".join(str(error).split())
