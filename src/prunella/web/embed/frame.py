"""A visit in a frame: where its company's page is, and how it is to look."""

from dataclasses import dataclass

from prunella.web.embed.look import Look


@dataclass(frozen=True, slots=True)
class Frame:
    """`home` is the company's page around it; a secure page leads back there.

    `refused` names what could not be used of how it was asked for: for the company's developers.
    """

    home: str
    look: Look
    refused: str
