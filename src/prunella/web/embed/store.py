"""Rows of visits in frames, and of the fixes that left from them."""

from datetime import timedelta
from urllib.parse import parse_qsl

from prunella.kit.clock import system_now
from prunella.kit.house import Tx
from prunella.people.secret import hash_of
from prunella.web.embed.frame import Frame
from prunella.web.embed.look import read_look

KEPT = timedelta(days=7)

_ADD = "insert into embeds (secret_hash, home, look, refused) values (%s, %s, %s, %s)"
_OF_SESSION = "select home, look, refused from embeds where secret_hash = %s"
_NOTE = """
insert into embed_runs (run, home, created_at) values (%s, %s, %s) on conflict (run) do nothing
"""
_FORGET = "delete from embed_runs where created_at < %s"
_HOME = "select home from embed_runs where run = %s"


async def add(tx: Tx, secret: str, frame: Frame) -> None:
    values = (hash_of(secret), frame.home, frame.look.query, frame.refused)
    await tx.execute(_ADD, values)


async def of_session(tx: Tx, secret: str) -> Frame | None:
    row = await tx.one(_OF_SESSION, (hash_of(secret),))
    if row is None:
        return None
    look = read_look(dict(parse_qsl(row["look"])))
    return Frame(home=row["home"], look=look, refused=row["refused"])


async def note_run(tx: Tx, run: str, home: str) -> None:
    """Keep where the customer of this fix comes back to; what is a week old goes."""
    now = system_now()
    await tx.execute(_FORGET, (now - KEPT,))
    await tx.execute(_NOTE, (run, home, now))


async def home_of_run(tx: Tx, run: str) -> str:
    row = await tx.one(_HOME, (run,))
    return str(row["home"]) if row else ""
