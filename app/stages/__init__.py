"""The stages of the flow as pure functions: domain in, domain out."""
