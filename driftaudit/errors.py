"""The errors a person can meet; each says what happened, to what, and what to do next.

DriftauditError (exit 1)
├── UsageError      2  a wrong option, file or configuration
├── NothingRead     5  no collection could be read
├── StoreBusy       6  another run or a read-write client holds the database, or another run the export folder
├── DeliveryFailed  7  a report did not arrive everywhere it should; it lies on disk
└── IntegrityError  8  a hash, a tenant or an order that does not match; nothing was changed
"""


class DriftauditError(Exception):
    """What happened, and what to do next."""

    exit_code = 1

    def __init__(self, happened: str, next_step: str) -> None:
        """Keep both halves apart so that every message has both."""
        super().__init__(f"{happened} {next_step}")
        self.happened = happened
        self.next_step = next_step


class UsageError(DriftauditError):
    """The call, a file it names or the configuration is wrong."""

    exit_code = 2


class NothingRead(DriftauditError):
    """Not one collection could be read."""

    exit_code = 5


class StoreBusy(DriftauditError):
    """Another run holds the database or the export folder, or a client has opened the database read-write."""

    exit_code = 6


class DeliveryFailed(DriftauditError):
    """A report did not leave, or nobody knows whether it did."""

    exit_code = 7


class IntegrityError(DriftauditError):
    """What was given does not match what was promised or what is already stored."""

    exit_code = 8
