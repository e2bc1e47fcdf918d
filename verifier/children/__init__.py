"""Processes that can be killed: how they are forked and watched, and how one talks with them."""
