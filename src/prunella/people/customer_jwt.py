"""Tokens that the company's own product signs for its customers: only they are verified."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import jwt

from prunella.kit.actor import Actor
from prunella.kit.house import Tx
from prunella.people.customer import Customer, find_customer

CustomerRole = Literal["owner", "billing", "member"]
CUSTOMER_ROLES: tuple[CustomerRole, ...] = get_args(CustomerRole)
MAX_TOKEN = 8_000
MAX_WORD = 200


class BadTokenError(Exception):
    """This sign-in token cannot be used. Ask the product for a new one."""


class ExpiredTokenError(BadTokenError):
    """This sign-in token has expired. Open the page again from the product."""


class UnknownCustomerError(BadTokenError):
    """You are signed in to the product, but your account there is new to us. A person can help."""

    def __init__(self, customer: str) -> None:
        super().__init__(customer)
        self.customer = customer


@dataclass(frozen=True, slots=True)
class Claims:
    """What a genuine token says."""

    customer: str
    person: str
    role: CustomerRole


@dataclass(frozen=True, slots=True)
class SignIn:
    """A genuine token of a known customer."""

    actor: Actor
    customer: Customer
    person: str


def verify(token: str, *, secrets: Sequence[str]) -> Claims:
    """Check signature (HS256 only) and expiry to the second; any of the secrets may have signed."""
    if not secrets or len(token) > MAX_TOKEN:
        raise BadTokenError
    claims = _claims(token, secrets)
    sub, person, role = claims["sub"], claims.get("person", ""), claims.get("role", "billing")
    if not _is_word(sub) or not (person == "" or _is_word(person)):
        raise BadTokenError
    if role not in CUSTOMER_ROLES:
        raise BadTokenError
    return Claims(customer=sub, person=person, role=role)


async def sign_in(tx: Tx, token: str, *, secrets: Sequence[str]) -> SignIn:
    """Verify the token and find its customer."""
    claims = verify(token, secrets=secrets)
    customer = await find_customer(tx, claims.customer)
    if customer is None:
        raise UnknownCustomerError(claims.customer)
    actor = Actor(kind="customer", id=customer.id, role=claims.role, verified=True)
    return SignIn(actor=actor, customer=customer, person=claims.person)


def _claims(token: str, secrets: Sequence[str]) -> dict[str, Any]:
    for secret in secrets:
        try:
            return jwt.decode(
                token,
                secret,
                algorithms=["HS256"],
                leeway=0,
                options={"require": ["exp", "sub"], "verify_iat": False},
            )
        except jwt.ExpiredSignatureError:
            raise ExpiredTokenError from None
        except jwt.InvalidSignatureError:
            continue
        except jwt.PyJWTError:
            raise BadTokenError from None
    raise BadTokenError


def _is_word(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= MAX_WORD and value.isprintable()
