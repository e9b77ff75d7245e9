"""Files as programs send them with a message: their bytes in base64, within the body's JSON."""

import base64
import hashlib
from typing import Annotated

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StringConstraints,
    WithJsonSchema,
    field_serializer,
)

from prunella.cases import File
from prunella.cases.attachments import ANY_TYPE, MAX_FILES
from prunella.web.api.bodies import Body, plain

NOT_BASE64 = "has to be a file's bytes in base64"


def bytes_of(told: object) -> object:
    """Read base64, also where it is broken into lines."""
    if not isinstance(told, str):
        return told
    try:
        return base64.b64decode("".join(told.split()), validate=True)
    except ValueError:
        raise ValueError(NOT_BASE64) from None


Base64 = Annotated[
    bytes,
    BeforeValidator(bytes_of),
    WithJsonSchema({"type": "string", "format": "byte", "contentEncoding": "base64"}),
]
Name = Annotated[str, StringConstraints(min_length=1, max_length=255), AfterValidator(plain)]
Type = Annotated[str, StringConstraints(min_length=1, max_length=127)]


class FileBody(Body):
    """A file of at most 10 MB; those of one message together at most 25 MB."""

    name: Name
    type: Type = ANY_TYPE
    data: Base64

    @field_serializer("data")
    def _told_by_digest(self, data: bytes) -> str:
        """An Idempotency-Key stands for the same files, and need not hold them."""
        return hashlib.sha256(data).hexdigest()

    def to_file(self) -> File:
        return File(self.name, self.type, self.data)


Files = Annotated[list[FileBody], Field(max_length=MAX_FILES)]
