"""`demo`: a made-up company on this machine, with everything running, and one address to open."""
