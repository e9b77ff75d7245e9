"""Who calls: a customer with a session, staff with one, or a program with a bearer token."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace

from fastapi import Request

from prunella import people
from prunella.actions import brake
from prunella.actions.brake import Standing
from prunella.cases import notify
from prunella.diagnostics import Words
from prunella.kit.actor import Actor
from prunella.kit.house import Tx
from prunella.people import Customer, customer_jwt, roster, sessions, tokens
from prunella.people.customer_jwt import UnknownCustomerError
from prunella.people.scopes import NONE
from prunella.people.sessions import Session
from prunella.web.cookies import secret_in
from prunella.web.embed import Frame
from prunella.web.embed import store as embeds
from prunella.web.errors import ForbiddenError, NotFoundError, SignInError
from prunella.web.looking import note_look
from prunella.web.newcomers import meet
from prunella.web.scopes import check_scope
from prunella.web.site import Site, site_of

DOOR = Actor(kind="system", id="web")
"""Who looks up a session, before anybody is known."""
BEARER = "bearer "
READERS = {"viewer"}
MAY_PAY = {"owner", "billing"}


@dataclass(frozen=True, slots=True)
class Visit:
    """A customer's browser, inside its transaction."""

    site: Site
    tx: Tx
    session: Session
    customer: Customer
    frame: Frame | None = None

    @property
    def words(self) -> Words:
        """The catalogue in their language, telling the time of their zone."""
        pages = self.site.pages.in_language_of(self.customer.locale)
        return pages.words.in_zone(self.customer.time_zone)

    def must_be_able_to_pay(self) -> None:
        if self.session.role not in MAY_PAY:
            raise ForbiddenError


@dataclass(frozen=True, slots=True)
class Shift:
    """A staff member's browser, inside its transaction; `unread` is what they were told of.

    `time_zone` is theirs, else the company's.
    """

    site: Site
    tx: Tx
    session: Session
    standing: Standing
    unread: int
    time_zone: str

    @property
    def unread_shown(self) -> str:
        """The number beside their name for it; empty where there is nothing."""
        return f"{self.unread}+" if self.unread >= notify.MAX_UNREAD else str(self.unread or "")

    @property
    def may_write(self) -> bool:
        return self.session.role not in READERS

    def must_be_able_to_write(self) -> None:
        if not self.may_write:
            raise ForbiddenError


@dataclass(frozen=True, slots=True)
class Call:
    """A program, inside its transaction; `own` is the customer it speaks for, None for staff.

    `scopes`: what its token may at most, where it is one of ours.
    """

    site: Site
    tx: Tx
    own: Customer | None
    scopes: frozenset[str] = NONE

    @property
    def actor(self) -> Actor:
        return self.tx.actor

    @property
    def words(self) -> Words:
        """The catalogue in the language of the customer who calls; for staff the first one."""
        pages = self.site.pages
        return (pages.in_language_of(self.own.locale) if self.own else pages).words

    async def customer(self, ref: str) -> Customer:
        """Return the customer, or say that there is none: also when it is somebody else's."""
        if self.own and ref in {self.own.id, self.own.stripe_customer}:
            return self.own
        found = await people.find_customer(self.tx, ref)
        if found is None or (self.own and self.own.id != found.id):
            raise NotFoundError
        if self.own:  # by a name that the account had before
            return self.own
        await note_look(self.tx, found.id, because="account")
        return found

    def must_be_able_to_act(self) -> None:
        allowed = self.actor.role in MAY_PAY if self.own else self.actor.role not in READERS
        if not allowed:
            raise ForbiddenError

    def must_be_able_to_ask(self) -> None:
        """Every person of a customer may ask; of the staff, those who may write."""
        if self.own is None and self.actor.role in READERS:
            raise ForbiddenError

    def must_be_staff(self) -> None:
        """To a customer's program, what is for staff does not exist."""
        if self.own is not None:
            raise NotFoundError

    def must_be_able_to_work(self) -> None:
        """Staff, and nobody who may only look."""
        self.must_be_staff()
        self.must_be_able_to_act()


def is_framed(request: Request) -> bool:
    """Whether the page stands below /embed, for a frame of the company's product."""
    return bool(request.scope.get("framed"))


@asynccontextmanager
async def visit(request: Request, *, case: str = "") -> AsyncIterator[Visit]:
    """Open a customer's visit. What a frame may do with its cookie, a page of its own may not.

    `case`: what the page is about. A guest sees the one case that their link was about, and
    nothing else; to every other page they are not signed in.
    """
    site, framed = site_of(request), is_framed(request)
    secret = secret_in(request, site.rooms.settings, "embed" if framed else "customer")
    async with site.rooms.house.transaction(DOOR) as tx:
        session = await sessions.find(tx, secret)
        if session is None or session.kind != "customer" or session.customer is None:
            raise SignInError
        frame = await embeds.of_session(tx, secret)
        if (frame is not None) != framed:
            raise SignInError
        customer = await people.find_customer(tx, session.customer)
        if customer is None or (customer.guest and session.subject != (case or None)):
            raise SignInError
        asked = site.pages.in_language_asked(request.headers.get("accept-language", ""))
        customer = replace(customer, locale=customer.locale or asked.language)
        request.state.frame, request.state.locale = frame, customer.locale
        yield Visit(site, replace(tx, actor=session.actor), session, customer, frame)


@asynccontextmanager
async def shift(request: Request) -> AsyncIterator[Shift]:
    site = site_of(request)
    secret = secret_in(request, site.rooms.settings, "staff")
    async with site.rooms.house.transaction(DOOR) as tx:
        session = await sessions.find(tx, secret)
        if session is None or session.kind != "staff":
            raise SignInError
        await sessions.touch(tx, session)
        standing = await brake.standing(tx)
        acting = replace(tx, actor=session.actor)
        zone = await roster.zone_for(tx, session.person)
        yield Shift(site, acting, session, standing, await notify.unread(acting), zone)


@asynccontextmanager
async def call(request: Request) -> AsyncIterator[Call]:
    """Staff, services and customers' own programs: all by bearer token, never by cookie.

    Here alone it is looked at whether the token has the scope that the route needs.
    """
    async with AsyncExitStack() as stack:
        try:
            here = await stack.enter_async_context(_call(request))
        except UnknownCustomerError as unknown:
            if not await meet(site_of(request), unknown.customer):
                raise
            here = await stack.enter_async_context(_call(request))
        yield here


@asynccontextmanager
async def _call(request: Request) -> AsyncIterator[Call]:
    site = site_of(request)
    async with site.rooms.house.transaction(DOOR) as tx:
        actor, own, scopes = await _bearer(tx, site, bearer_of(request))
        request.state.recognised = True
        if own is None:
            check_scope(request, scopes)
        yield Call(site, replace(tx, actor=actor), own, scopes)


async def must_be_recognised(request: Request) -> None:
    """Look up the token of a request that never came to its `call`.

    Raises SignInError, customer_jwt.BadTokenError.
    """
    site = site_of(request)
    async with site.rooms.house.transaction(DOOR) as tx:
        await _bearer(tx, site, bearer_of(request))


def is_recognised(request: Request) -> bool:
    return bool(getattr(request.state, "recognised", False))


async def _bearer(tx: Tx, site: Site, token: str) -> tuple[Actor, Customer | None, frozenset[str]]:
    settings = site.rooms.settings
    admin = settings.admin_token.get_secret_value() if settings.admin_token else None
    found = await tokens.holder(tx, token, admin_token=admin)
    if found is not None:
        return found.actor, None, found.scopes
    secrets = [secret.get_secret_value() for secret in settings.customer_jwt_secret]
    signed_in = await customer_jwt.sign_in(tx, token, secrets=secrets)
    return signed_in.actor, signed_in.customer, NONE


def bearer_of(request: Request) -> str:
    header = request.headers.get("authorization", "")
    if not header.lower().startswith(BEARER):
        raise SignInError
    return header[len(BEARER) :].strip()
