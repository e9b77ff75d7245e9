"""How are we doing."""
