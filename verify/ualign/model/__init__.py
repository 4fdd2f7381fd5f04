"""What the theory is about, exactly, without any solver."""
