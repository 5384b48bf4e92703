"""Makes the modules beside this file importable from every test (pytest puts this folder on the path)."""
