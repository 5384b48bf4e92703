"""Durable execution of the pipeline."""
