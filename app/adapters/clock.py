"""The time."""

from datetime import UTC, datetime


class SystemClock:
    """The machine's clock (`ports.Clock`)."""

    def now(self) -> datetime:
        """Aware UTC time."""
        return datetime.now(UTC)
