"""Where things are kept: rows, repositories, engine, migrations."""
