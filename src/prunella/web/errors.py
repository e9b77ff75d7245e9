"""What can be wrong with a request. A docstring is the sentence its sender reads."""

from starlette.exceptions import HTTPException


class Problem(HTTPException):
    """This could not be done."""

    status = 400
    title = "This request cannot be answered"

    def __init__(self, detail: str | None = None, headers: dict[str, str] | None = None) -> None:
        super().__init__(self.status, detail or sentence_of(type(self)), headers)


class BadRequestError(Problem):
    """The request cannot be read. Check how it is written, then send it again."""


class NotJsonError(Problem):
    """The body is not JSON that we can read. Check brackets and quotes, then send it again."""

    title = "The body is not JSON"


class KeyMissingError(Problem):
    """Send an Idempotency-Key header: a new random text for each thing you want done once."""

    title = "Idempotency-Key is missing"


class SignInError(Problem):
    """Sign in first: send a bearer token, or open the page from the product."""

    status = 401
    title = "You are not signed in"


class ForbiddenError(Problem):
    """You are signed in, but this is not yours to do. Ask someone who may, or a person of ours."""

    status = 403
    title = "You may not do this"


class StaleFormError(ForbiddenError):
    """This form is no longer valid, so nothing was done. Load the page again, then try again."""

    title = "This form is no longer valid"


class NotFoundError(Problem):
    """There is nothing here, or it is not yours."""

    status = 404
    title = "Not found"


class TooLargeError(Problem):
    """The request is too large. Send less at once."""

    status = 413
    title = "Too large"


class UnusableError(Problem):
    """What was sent does not fit. The list of errors says what to change."""

    status = 422
    title = "Something in the request does not fit"


class BadCursorError(Problem):
    """This is no cursor of this list. Send the `next_cursor` of a page, or leave it out."""

    status = 422
    title = "This cursor cannot be used"


class TooManyError(Problem):
    """Too many open connections. Close some of them, then try again."""

    status = 429
    title = "Too many at once"


class AwayError(Problem):
    """Our own database does not answer right now. Nothing was done; try again in a minute."""

    status = 503
    title = "Not available right now"


class StripeAwayError(Problem):
    """Stripe does not answer right now. What we know from before is still there to read."""

    status = 503
    title = "Stripe does not answer"


def sentence_of(error: type[BaseException]) -> str:
    """Return the docstring of an error class: the message a person reads."""
    return " ".join((error.__doc__ or "").split())
