"""Environment and content, validated before anything starts."""

from prunella.settings.content import (
    SHADOW_SETTING,
    Content,
    ContentError,
    Problem,
    load_content,
)
from prunella.settings.environment import Settings, SettingsError, load_settings
from prunella.settings.problem import table_of, unknown_keys
from prunella.settings.shipped import shipped

__all__ = [
    "SHADOW_SETTING",
    "Content",
    "ContentError",
    "Problem",
    "Settings",
    "SettingsError",
    "load_content",
    "load_settings",
    "shipped",
    "table_of",
    "unknown_keys",
]
