"""The words of the field as frozen dataclasses, and the rules between them: standard library only, no I/O, no clock."""
