"""The command `ualign`, one file a command."""
