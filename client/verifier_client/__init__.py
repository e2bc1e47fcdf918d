"""The trainer's side of Verifier: scores rollouts over HTTP and needs nothing but httpx2."""
