"""Forms of pages: read within bounds, and only from our own pages."""

import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from fastapi import Request
from python_multipart.multipart import parse_options_header
from starlette.datastructures import FormData, UploadFile

from prunella.cases import File
from prunella.cases.attachments import MAX_FILES
from prunella.kit.idempotency import recall, remember
from prunella.web.errors import BadRequestError, StaleFormError
from prunella.web.site import site_of
from prunella.web.visits import Shift, Visit, shift, visit

MAX_FIELDS = 30
MAX_TEXT = 10_000
CSRF = "csrf"
_WORDS = ("say", "words", "reply", "note")
"""The fields that hold what somebody wrote."""
_ASKED = "ask."
_UNTOLD = {CSRF, "password"}
"""What makes no other request of a form, and whose digest is not to be kept."""
_UNSAID, _OURS = b"", {b"", b"utf-8"}
"""Letters in which a form is written: no browser names others than our pages have."""

Fields = Mapping[str, str]


@asynccontextmanager
async def visit_with_form(
    request: Request, *, case: str = ""
) -> AsyncIterator[tuple[Visit, Fields]]:
    """A customer's form, after its token and where it comes from have been checked."""
    fields = await read_form(request)
    async with visit(request, case=case) as here:
        _check(here.session.csrf, fields)
        yield here, fields


@asynccontextmanager
async def visit_with_files(
    request: Request, *, case: str = ""
) -> AsyncIterator[tuple[Visit, Fields, list[File]]]:
    """The same with files. Who is nobody here is sent away before anything large is read."""
    check_origin(request)
    async with visit(request, case=case):
        pass
    fields, files = await read_files(request)
    async with visit(request, case=case) as here:
        _check(here.session.csrf, fields)
        yield here, fields, files


@asynccontextmanager
async def shift_with_files(request: Request) -> AsyncIterator[tuple[Shift, Fields, list[File]]]:
    """A staff member's form with files, checked the same way."""
    check_origin(request)
    async with shift(request) as here:
        here.must_be_able_to_write()
    fields, files = await read_files(request)
    async with shift(request) as here:
        _check(here.session.csrf, fields)
        here.must_be_able_to_write()
        yield here, fields, files


@asynccontextmanager
async def shift_with_form(
    request: Request, *, own: bool = False, max_fields: int = MAX_FIELDS
) -> AsyncIterator[tuple[Shift, Fields]]:
    """A staff member's form, checked the same way; who may only look may not send one.

    Unless it is about nobody but themselves, as their `own` password is.
    """
    fields = await read_form(request, max_fields=max_fields)
    async with shift(request) as here:
        _check(here.session.csrf, fields)
        if not own:
            here.must_be_able_to_write()
        yield here, fields


async def read_form(request: Request, *, max_fields: int = MAX_FIELDS) -> Fields:
    """Return the fields, texts only. Refuses what another site's page sends."""
    check_origin(request)
    _check_letters(request)
    request.state.words = ""
    async with request.form(max_files=0, max_fields=max_fields) as form:
        return _texts(request, form)


async def read_files(request: Request) -> tuple[Fields, list[File]]:
    """Return the fields of a form and its files; a field in which none was chosen is none."""
    _check_letters(request)
    request.state.words = ""
    async with request.form(max_files=MAX_FILES, max_fields=MAX_FIELDS) as form:
        sent = [one for _, one in form.multi_items() if isinstance(one, UploadFile)]
        files = [
            File(one.filename or "", one.content_type or "", await one.read())
            for one in sent
            if one.filename or one.size
        ]
        fields = _texts(request, form)
    if files and "key" in fields:
        fields = {**fields, "key": f"{fields['key']}.{_digest(files)}"}
    return fields, files


def _digest(files: Sequence[File]) -> str:
    """The same words with another file are another request."""
    told = hashlib.sha256()
    for one in files:
        told.update(f"{len(one.data)} {one.name}\0".encode(errors="surrogateescape") + one.data)
    return told.hexdigest()[:16]


async def is_first(here: Shift, fields: Fields) -> bool:
    """Claim what a form says for the page that it stood on: sent twice, it is done once.

    A second one waits for the first one's commit. Other words from the same page, as after going
    back, are another request.
    """
    scope, key = f"desk:{here.tx.actor.id}", key_of(fields)
    if not fields.get("key"):
        return True
    if await recall(here.tx, scope=scope, key=key, request={}) is not None:
        return False
    await remember(here.tx, scope=scope, key=key, result={"done": True})
    return True


def key_of(fields: Fields) -> str:
    """Name the request that a form makes: its page, and everything that it says."""
    told = {name: text for name, text in fields.items() if name not in _UNTOLD}
    digest = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
    return f"{fields.get('key', '')}.{digest}"


def _texts(request: Request, form: FormData) -> Fields:
    """Return the texts, and keep what was said for a page that has to say no.

    A browser sends two letters for each new line, of which whoever typed counts one.
    """
    sent = {name: value for name, value in form.items() if isinstance(value, str)}
    fields = {name: value.replace("\r\n", "\n") for name, value in sent.items()}
    request.state.words = _said(fields)
    if any(len(value) > MAX_TEXT or "\x00" in value for value in fields.values()):
        raise BadRequestError
    return fields


def _said(fields: Fields) -> str:
    """What somebody wrote, also where a macro asked for it."""
    asked = [text for name, text in fields.items() if name.startswith(_ASKED) and text]
    return next((fields[one] for one in _WORDS if fields.get(one)), "\n\n".join(asked))


def check_origin(request: Request) -> None:
    """Browsers say where a form stands. Older ones say nothing; the form's token stops those."""
    if request.headers.get("sec-fetch-site") in {"cross-site", "same-site"}:
        raise StaleFormError
    origin = request.headers.get("origin")
    if origin is None:
        return
    ours = urlsplit(site_of(request).rooms.settings.public_url).netloc
    if urlsplit(origin).netloc not in {ours, request.headers.get("host", "")}:
        raise StaleFormError


def _check_letters(request: Request) -> None:
    """Other letters may make texts that nothing of ours can keep."""
    _, named = parse_options_header(request.headers.get("content-type"))
    if named.get(b"charset", _UNSAID).lower() not in _OURS:
        raise BadRequestError


def _check(csrf: str, fields: Fields) -> None:
    if not hmac.compare_digest(csrf.encode(), fields.get(CSRF, "").encode()):
        raise StaleFormError
