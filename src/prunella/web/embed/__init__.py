"""The meter inside the company's own product: who may frame it, and how it looks there."""

from prunella.web.embed.frame import Frame
from prunella.web.embed.look import Look, read_look
from prunella.web.embed.origins import home_of, listed, origin_of

__all__ = ["Frame", "Look", "home_of", "listed", "origin_of", "read_look"]
