"""Programs of authors that judge: asked in jails of their own, and what they say of it read."""
