"""What leaves as a file: one module a format, each from plain documents."""
