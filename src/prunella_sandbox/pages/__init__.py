"""Pages of the stand-in that a person clicks through; they work without JavaScript."""
