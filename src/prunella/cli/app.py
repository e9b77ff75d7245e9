"""The command that the others hang on."""

import typer

app = typer.Typer(
    help="Prunella settles billing contacts: prevent, self-heal, agent, human.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def _begin() -> None:
    """Also where only one command is brought in, it is called by its name."""
