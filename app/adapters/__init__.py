"""What fulfils the ports: each library is imported in its own module only."""
