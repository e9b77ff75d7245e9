"""Parts that bodies of our API share. A field we do not know is refused, not dropped."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, field_validator

NO_TEXT = "holds characters that no text has"


def plain(text: str) -> str:
    if "\x00" in text:
        raise ValueError(NO_TEXT)
    return text


Id = Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=r"^[\x21-\x7e]+$")]
Line = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(plain)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=20_000), AfterValidator(plain)]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    @field_validator("*")
    @classmethod
    def _all_plain(cls, told: Any) -> Any:
        return plain(told) if isinstance(told, str) else told
