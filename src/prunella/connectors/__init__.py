"""The outside: one folder an integration."""
