"""Whether a problem is worth training on: its reference and cheap wrong programs are judged."""
