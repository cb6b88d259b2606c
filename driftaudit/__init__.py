"""driftaudit: proves whether access that was meant to end did end."""

__version__ = "0.1.0"
TOOL = f"driftaudit {__version__}"
