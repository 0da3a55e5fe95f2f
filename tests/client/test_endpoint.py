"""One endpoint URL gives every address; a wrong one says what is wrong."""

import pytest

from client.endpoint import ApiKey, Endpoint, InvalidEndpointError, Token


@pytest.mark.parametrize(
    ("url", "realtime", "host"),
    [
        (
            "https://abc123.appsync-api.eu-central-1.amazonaws.com/graphql",
            "wss://abc123.appsync-realtime-api.eu-central-1.amazonaws.com/graphql",
            "abc123.appsync-api.eu-central-1.amazonaws.com",
        ),
        (
            "https://abc123.appsync-api.cn-north-1.amazonaws.com.cn/graphql",
            "wss://abc123.appsync-realtime-api.cn-north-1.amazonaws.com.cn/graphql",
            "abc123.appsync-api.cn-north-1.amazonaws.com.cn",
        ),
        ("https://api.example.com/graphql", "wss://api.example.com/graphql/realtime", "api.example.com"),
        ("http://127.0.0.1:8000/graphql", "ws://127.0.0.1:8000/graphql/realtime", "127.0.0.1:8000"),
        ("http://[::1]:8000/graphql", "ws://[::1]:8000/graphql/realtime", "[::1]:8000"),
        # A look-alike is a custom domain: its key goes only to itself.
        (
            "https://a.appsync-api.us-east-1.amazonaws.com.evil.example/graphql",
            "wss://a.appsync-api.us-east-1.amazonaws.com.evil.example/graphql/realtime",
            "a.appsync-api.us-east-1.amazonaws.com.evil.example",
        ),
    ],
)
def test_the_real_time_address_follows_from_the_endpoint(url: str, realtime: str, host: str) -> None:
    assert Endpoint.parse(f" {url}\n") == Endpoint(url, realtime, host)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("127.0.0.1:8000/graphql", "must begin with https:// or http://"),
        ("wss://example.com/graphql", "must begin with https:// or http://"),
        ("https:///graphql", "it has no host"),
        ("https://example.com/", "its path must end in /graphql"),
        ("https://example.com/graphql/", "its path must end in /graphql"),
        ("https://key@example.com/graphql", "neither user, query nor fragment"),
        ("https://example.com/graphql?key=1", "neither user, query nor fragment"),
        ("https://example.com:80000/graphql", "Port out of range"),
        ("https://[::1/graphql", "Invalid IPv6"),
    ],
)
def test_a_wrong_endpoint_names_its_fault_and_the_right_form(url: str, reason: str) -> None:
    with pytest.raises(InvalidEndpointError) as raised:
        Endpoint.parse(url)
    assert reason in str(raised.value)
    assert repr(url) in str(raised.value)
    assert "https://<id>.appsync-api.<region>.amazonaws.com/graphql" in str(raised.value)


def test_credentials_name_the_host_and_hide_themselves_from_logs() -> None:
    assert ApiKey("da2-secret").for_host("h:1").get_headers() == {"host": "h:1", "x-api-key": "da2-secret"}
    assert Token("e.y.j").for_host("h:1").get_headers() == {"host": "h:1", "Authorization": "e.y.j"}
    assert "secret" not in repr(ApiKey("da2-secret"))
    assert "e.y.j" not in repr(Token("e.y.j"))
