"""The routes: each protocol that is spoken here, and the pages."""
