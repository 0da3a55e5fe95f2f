"""`python -m cdk check`: its lines, its exit codes, and what it says without credentials or a region."""

from pathlib import Path

import boto3
import pytest
from programs import PYTHON, ran

from cdk.account.command import report
from cdk.account.finding import Finding, failed, ok, warning

EXISTING = ("-c", "agent=existing", "-c", "agentId=AGENT12345", "-c", "agentAliasId=ALIAS12345")


@pytest.fixture
def nobody(tmp_path: Path) -> dict[str, str]:
    """An environment without credentials and region, whatever this machine has."""
    config = tmp_path / "config"
    config.write_text("[default]\n", encoding="utf-8")
    unset = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION", "AWS_DEFAULT_REGION")
    return {
        **dict.fromkeys(unset, ""),
        "AWS_CONFIG_FILE": str(config),
        "AWS_SHARED_CREDENTIALS_FILE": str(config),
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_PROFILE": "default",
    }


@pytest.mark.parametrize(
    ("findings", "code"),
    [([ok("a", "b"), warning("c", "d")], 0), ([ok("a", "b"), failed("c", "d"), ok("e", "f")], 1)],
)
def test_only_a_failure_makes_the_exit_code_1(
    findings: list[Finding], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert report(findings) == code
    assert capsys.readouterr().out.splitlines() == [str(one) for one in findings]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ((), "FAIL  region: none is set: give --region"),
        (("--region", "us-east-1"), "FAIL  credentials: there are none: run `aws configure`"),
        (
            ("--profile", "ada"),
            "FAIL  credentials: The config profile (ada) could not be found: name another --profile",
        ),
    ],
)
async def test_what_is_missing_on_this_machine_is_said_in_a_line(
    arguments: tuple[str, ...], line: str, nobody: dict[str, str]
) -> None:
    code, out, err = await ran(PYTHON, "-m", "cdk", "check", *arguments, variables=nobody)
    assert (code, err) == (1, "")
    assert out.startswith(line)
    assert len(out.splitlines()) == 1


async def test_a_wrong_setting_ends_the_check_before_it_asks_anything(nobody: dict[str, str]) -> None:
    code, out, err = await ran(PYTHON, "-m", "cdk", "check", "-c", "runsAtOnce=0", variables=nobody)
    assert (code, out) == (2, "")
    assert "runsAtOnce is '0': give a whole number from 1 to 1000" in err


@pytest.mark.slow
async def test_an_account_is_asked_with_the_environments_credentials(aws_url: str, nobody: dict[str, str]) -> None:
    """Against a server that answers as AWS does: the region is bootstrapped between two checks."""
    credentials = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
    environment = {**nobody, **credentials, "AWS_REGION": "eu-south-2", "AWS_ENDPOINT_URL": aws_url}
    code, out, _ = await ran(PYTHON, "-m", "cdk", "check", *EXISTING, variables=environment)
    assert code == 1
    assert "FAIL  bootstrap: the CDK has never been used in eu-south-2: run `npx aws-cdk@2 bootstrap`" in out
    ssm = boto3.client(
        "ssm", "eu-south-2", endpoint_url=aws_url, aws_access_key_id="testing", aws_secret_access_key="testing"
    )
    ssm.put_parameter(Name="/cdk-bootstrap/hnb659fds/version", Value="25", Type="String")
    code, out, _ = await ran(PYTHON, "-m", "cdk", "check", *EXISTING, variables=environment)
    lines = [line.partition(".")[0] for line in out.splitlines()]
    assert lines == [
        "ok    credentials: account 123456789012, as arn:aws:sts::123456789012:user/moto",
        "ok    region: eu-south-2",
        "ok    bootstrap: version 25",
        "FAIL  concurrency: could not be checked",  # the server does not know this operation
    ]
    assert code == 1
