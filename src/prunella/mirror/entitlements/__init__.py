"""Our copy of what the company's own system lets customers use."""
