"""The steps that must happen as a whole, as Lua for Redis: one script each, a module a noun."""
