"""Tags without a language model: heads fitted on hidden layers of the embedding model, and word cues. See README.md here."""
