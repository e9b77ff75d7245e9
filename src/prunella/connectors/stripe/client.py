"""The official SDK, pointed at an address, with every default that matters set by hand."""

import stripe

TIMEOUT_S = 30.0


def build_client(
    key: str,
    *,
    api_base: str,
    max_network_retries: int,
    timeout_s: float = TIMEOUT_S,
    http: stripe.HTTPClient | None = None,
) -> stripe.StripeClient:
    """Build an asynchronous client. Close it with `close_client`.

    Retries are explicit because `StripeClient` does none by itself; `Reads` asks for none, since
    each of its tries has to go through its own rate limit.
    """
    return stripe.StripeClient(
        key,
        base_addresses={"api": api_base},
        max_network_retries=max_network_retries,
        http_client=http or stripe.HTTPXClient(timeout=timeout_s),
    )


async def close_client(client: stripe.StripeClient) -> None:
    http = client._requestor._get_http_client()  # noqa: SLF001 the SDK offers no door
    await http.close_async()  # type: ignore[no-untyped-call]  # the SDK left it so
