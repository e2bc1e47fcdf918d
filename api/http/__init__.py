"""HTTP itself: how bodies are read and bounded, what an error looks like."""
