"""What a setting has to look like, and how it is told that it does not. Pure.

No message repeats what was set: it may hold a password.
"""

import re
from collections.abc import Mapping
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

MAX_PORT = 65_535
_MAILBOX = re.compile(
    r"imap(s|\+starttls)?://[^\s/@:]+:[^\s/@]+@([^\s/@:\[\]]+|\[[0-9a-fA-F:]+\])(:(?P<port>\d{1,5}))?(/\S*)?"
)
_MAILSERVER = re.compile(
    r"smtp(s|\+starttls)?://([^\s/]+@)?([^\s/@:\[\]]+|\[[0-9a-fA-F:]+\])(:(?P<port>\d{1,5}))?(/\S*)?"
)
_SERVER = r"(\[[0-9a-fA-F:.]+\]|[^\s@/#?:,\[\]]*)(:\d{0,5})?"
_DATABASE = re.compile(
    rf"postgres(ql)?://([^\s@/#]*@)?(?P<servers>{_SERVER}(,{_SERVER})*)(/[^\s#]*)?(\?[^\s#]*)?"
)
_BAD_PERCENT = re.compile(r"%(?![0-9a-fA-F]{2})|%00")
_PARAMETERS = re.compile(r"(\s*\w+\s*=\s*('(\\.|[^'\\])*'|\S*))+\s*")
_ADDRESS = re.compile(r"[^\s@<>,;\"]+@[^\s@<>,;\"]+")
_STRIPE_KEY = re.compile(r"(?!pk_|whsec_)[!-~]+")
_WORDS = {
    "float_parsing": "is no number",
    "bool_parsing": "must be true or false",
    "greater_than": "must be more than {gt:g}",
    "greater_than_equal": "must be {ge:g} or more",
    "less_than_equal": "must be {le:g} or less",
    "literal_error": "must be {expected}",
}


def is_mail_server(url: str) -> bool:
    return _names(_MAILSERVER, url)


def is_mailbox(url: str) -> bool:
    return _names(_MAILBOX, url)


def is_web_address(url: str) -> bool:
    """Whether a browser could go there; without a password in it, which would be shown."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    plain = not re.search(r"[\s?#]", url) and "@" not in parts.netloc
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and plain and port != 0


def is_source(url: str) -> bool:
    """Whether the company's own system can be asked there: over HTTP, or as a PostgreSQL."""
    return is_web_address(url) or is_database(url)


def is_stripe_key(key: str) -> bool:
    """Neither the key of a browser nor a webhook's secret, and fit to be sent."""
    return _STRIPE_KEY.fullmatch(key) is not None


def is_sender(text: str) -> bool:
    """One address, with or without a name before it, on one line."""
    address = parseaddr(text)[1]
    return text.isprintable() and _ADDRESS.fullmatch(address) is not None


def is_database(url: str) -> bool:
    """Whether libpq can read it, as an address or as words, and no password runs into the host."""
    found = _DATABASE.fullmatch(url)
    if found and _BAD_PERCENT.search(url):
        return False  # libpq would quote what it cannot read, and that may be the password
    if found is None:
        return _PARAMETERS.fullmatch(url) is not None and "://" not in url
    ports = re.findall(r":(\d+)(?=,|$)", found["servers"])
    return all(int(port) <= MAX_PORT for port in ports)


def in_words(problem: Mapping[str, Any]) -> str:
    """What pydantic found, as the end of a sentence about the variable."""
    words = _WORDS.get(problem["type"], str(problem["msg"]).removeprefix("Value error, "))
    return words.format(**problem.get("ctx", {})) if problem["type"] in _WORDS else words


def _names(server: re.Pattern[str], url: str) -> bool:
    found = server.fullmatch(url)
    port = found.group("port") if found else None
    return found is not None and 1 <= int(port or 1) <= MAX_PORT
