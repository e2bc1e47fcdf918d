"""The API's side of dispatch over Redis: batches go in, their verdicts are gathered."""
