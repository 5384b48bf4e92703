"""Use cases: each loads, calls a pure stage or a port, and saves; the only callers of repositories."""
