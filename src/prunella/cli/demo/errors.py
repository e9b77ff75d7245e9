"""Why a demo does not run, in words."""


class DemoNotReadyError(Exception):
    """A part of the demo did not start in time. The lines above say why."""

    def __str__(self) -> str:
        return str(self.__doc__)


class DemoRunningError(Exception):
    """A demo runs on this folder already. End it, or start this one in another folder."""

    def __str__(self) -> str:
        return str(self.__doc__)
