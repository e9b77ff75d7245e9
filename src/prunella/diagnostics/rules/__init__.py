"""What can be wrong, or fine: one module a subject, each a pure function of facts and words."""
