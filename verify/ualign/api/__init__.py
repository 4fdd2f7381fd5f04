"""The package from Python and in notebooks: one file a call, as `cli` is from a shell.

Arguments are looked at before anything is done, and results show and write themselves."""
