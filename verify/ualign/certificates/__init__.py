"""The certificate format's only writer and only reader."""
