"""Request and response shapes: everything that pydantic checks or that /docs shows."""
