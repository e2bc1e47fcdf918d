"""The routes: one module for each protocol, and the web pages."""
