"""Throughline: interview transcripts to an evidence-linked journey map."""
