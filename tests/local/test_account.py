"""Which account the developer's environment leads to, and what is said when it leads to none."""

from pathlib import Path

import pytest

from local.account import Account, AccountError, account
from local.environment import Credentials

SSO_PROFILE = """
[profile sso]
region = us-east-1
sso_session = company
sso_account_id = 123456789012
sso_role_name = developer

[sso-session company]
sso_region = us-east-1
sso_start_url = https://example.com
"""


@pytest.fixture(autouse=True)
def environ(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, str]:
    """An environment with no account in it; the result goes to `account`."""
    for name in (
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_PROFILE",
        "AWS_DEFAULT_PROFILE",
        "AWS_REGION",
        "AWS_DEFAULT_REGION",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    return {}


def test_the_environments_variables_are_an_account(monkeypatch: pytest.MonkeyPatch, environ: dict[str, str]) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "token")
    expected = Credentials("AKIAEXAMPLE", "secret", "token")
    assert account(environ | {"AWS_REGION": "eu-west-3"}) == Account("eu-west-3", expected)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    assert account(environ) == Account("eu-west-1", expected)


def test_a_profile_is_an_account(monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "config").write_text("[profile work]\nregion = ap-southeast-2\n")
    (tmp_path / "credentials").write_text("[work]\naws_access_key_id = AKIAWORK\naws_secret_access_key = other\n")
    monkeypatch.setenv("AWS_PROFILE", "work")
    assert account(environ) == Account("ap-southeast-2", Credentials("AKIAWORK", "other"))


@pytest.mark.parametrize(
    ("variables", "config", "reason"),
    [
        ({}, "", "^no AWS credentials were found.*set AWS_PROFILE"),
        ({"AWS_PROFILE": "nobody"}, "", r"can't be loaded: .*nobody.*set AWS_PROFILE"),
        ({"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE"}, "", "can't be loaded: .*AWS_SECRET_ACCESS_KEY"),
        ({"AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "s"}, "", "^no AWS region is set.*AWS_REGION"),
        (
            {"AWS_PROFILE": "sso"},
            SSO_PROFILE,
            "can't be loaded: .*aws sso login",
        ),
    ],
)
def test_what_is_missing_is_said_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
    environ: dict[str, str],
    tmp_path: Path,
    variables: dict[str, str],
    config: str,
    reason: str,
) -> None:
    (tmp_path / "config").write_text(config)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(AccountError, match=reason):
        account(environ)
