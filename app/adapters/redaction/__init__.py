"""Finding personal data."""

from app.adapters.redaction.detector import LayeredRedactor

__all__ = ["LayeredRedactor"]
