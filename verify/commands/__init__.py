"""The commands of `ualign`, by what they are about."""
