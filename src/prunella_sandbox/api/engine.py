"""One API request from key to answer: synchronous, under the world's lock, all or nothing."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from prunella_sandbox import timeline
from prunella_sandbox.api import idempotency
from prunella_sandbox.api.authentication import check_key
from prunella_sandbox.api.faults import BEFORE, Fault, Faults
from prunella_sandbox.api.requests import ApiRequest, Reply
from prunella_sandbox.errors import (
    InvalidParameterError,
    NotFoundError,
    RateLimitedError,
    StripeError,
)
from prunella_sandbox.own_time import at_clock, clock_of_request
from prunella_sandbox.params import Params
from prunella_sandbox.rendering import rendered
from prunella_sandbox.routes import Match, RouteTable
from prunella_sandbox.store import Obj
from prunella_sandbox.world import Origin, World

CheckResponse = Callable[[Obj], Sequence[str]]
CheckRequest = Callable[[str, str, dict[str, Any]], Sequence[str]]
OK = 200
SERVER_ERROR = 500
log = logging.getLogger("prunella_sandbox")


class Engine:
    """Answers API requests.

    `check_response` and `check_request` return what is wrong with a shape; a bad response is a
    500 that says so, a bad request a 400 `parameter_unknown`.
    """

    def __init__(
        self,
        world: World,
        routes: RouteTable,
        *,
        check_response: CheckResponse | None = None,
        check_request: CheckRequest | None = None,
    ) -> None:
        self.world = world
        self.faults = Faults()
        self._routes = routes
        self._check_response = check_response
        self._check_request = check_request

    def before(self, request: ApiRequest) -> tuple[Reply | None, float]:
        """Let faults that come before the work happen: an answer, or how long to wait."""
        fault = self.faults.take(request.method, request.path, of=BEFORE)
        if fault is None:
            return None, 0.0
        if fault.kind == "slow":
            return None, self._hold(request, fault)
        if fault.kind == "rate_limit":
            return refusal(
                RateLimitedError(
                    message="Request rate limit exceeded. Please try again later.",
                    code="rate_limit",
                )
            ), 0.0
        return refusal(_broken()), 0.0

    def _hold(self, request: ApiRequest, fault: Fault) -> float:
        if request.is_write and request.idempotency_key:
            with self.world.transaction():
                print_ = _fingerprint(request)
                if idempotency.stored(self.world, request.idempotency_key, print_) is None:
                    idempotency.begin(self.world, request.idempotency_key, print_)
        return fault.seconds

    def answer(self, request: ApiRequest, *, was_held: bool = False) -> Reply:
        """Carry out the request, once for each idempotency key."""
        with self.world.lock:
            try:
                timeline.run_due(self.world)
                check_key(request.authorization)
                if request.is_write and request.idempotency_key:
                    return self._answer_once(request, request.idempotency_key, was_held=was_held)
                return self._finish(request, self._carry_out(request))
            except StripeError as error:
                return refusal(error)

    def _answer_once(self, request: ApiRequest, key: str, *, was_held: bool) -> Reply:
        print_ = _fingerprint(request)
        if was_held:
            idempotency.end(self.world, key)
        earlier = idempotency.stored(self.world, key, print_)
        if earlier is not None:
            fault = self.faults.take(request.method, request.path, of=("timeout_after",))
            replay = Reply(earlier["status"], earlier["body"], is_replayed=True)
            return _lost(replay, fault) if fault else replay
        reply = self._finish(request, self._carry_out(request))
        if reply.is_stored:
            with self.world.transaction():
                idempotency.keep(self.world, key, print_, status=reply.status, body=reply.body)
        return reply

    def _finish(self, request: ApiRequest, reply: Reply) -> Reply:
        """Let faults that come after the work happen."""
        fault = self.faults.take(request.method, request.path, of=("error_after", "timeout_after"))
        if fault is None:
            return reply
        if fault.kind == "timeout_after":
            return _lost(reply, fault)
        return replace(reply, status=SERVER_ERROR, body=_json(_broken().body()))

    def _carry_out(self, request: ApiRequest) -> Reply:
        try:
            with self.world.transaction():
                body = self._execute(request)
        except StripeError as error:
            return refusal(error)
        except Exception:
            log.exception("%s %s broke the sandbox", request.method, request.path)
            return refusal(_broken())
        return Reply(OK, body, is_stored=True)

    def _execute(self, request: ApiRequest) -> bytes:
        self.world.origin = Origin(request.id, request.idempotency_key)
        try:
            match = self._match(request)
            clock = clock_of_request(self.world, match.ids.values(), request.params)
            with at_clock(self.world, clock):
                body = self._call(match, Params(request.params))
        finally:
            self.world.origin = Origin()
        self._check(body)
        return _json(body)

    def _call(self, match: Match, params: Params) -> Obj:
        expand = params.texts("expand")
        result = match.route.verb(self.world, params, **match.ids)
        params.refuse_unread()
        return dict(rendered(self.world, result, expand))

    def _match(self, request: ApiRequest) -> Match:
        match = self._routes.match(request.method, request.path)
        if match is None:
            message = f"Unrecognized request URL ({request.method}: {request.path})."
            raise NotFoundError(message=message)
        if self._check_request:
            problems = self._check_request(request.method, request.path, request.params)
            if problems:
                raise InvalidParameterError(message="; ".join(problems), code="parameter_unknown")
        return match

    def _check(self, body: Obj) -> None:
        problems = self._check_response(body) if self._check_response else []
        if problems:
            message = f"The sandbox answered in a wrong shape: {'; '.join(problems)}"
            raise StripeError(message=message)


def _fingerprint(request: ApiRequest) -> str:
    return idempotency.fingerprint(request.method, request.path, request.params)


def _broken() -> StripeError:
    return StripeError(message="An error occurred on Stripe's end. Please try again.")


def refusal(error: StripeError) -> Reply:
    return Reply(error.status, _json(error.body()), is_stored=error.is_stored)


def _lost(reply: Reply, fault: Fault) -> Reply:
    return replace(reply, is_lost=True, hold_seconds=fault.seconds)


def _json(body: Obj) -> bytes:
    return json.dumps(body, separators=(",", ":")).encode()
