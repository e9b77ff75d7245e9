"""A file that a command writes where a person said: why it could not, in words."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class CannotWriteError(Exception):
    """A file could not be written. The message says why, and what to change."""


@contextmanager
def writing(file: Path) -> Iterator[None]:
    """Turns what the system says about the file into `CannotWriteError`."""
    try:
        yield
    except FileExistsError:
        message = f"{file}: a file of this name is there already, and stays. Choose another name."
        raise CannotWriteError(message) from None
    except OSError as error:
        message = f"{file} cannot be written: {error.strerror}. Choose another place."
        raise CannotWriteError(message) from None
