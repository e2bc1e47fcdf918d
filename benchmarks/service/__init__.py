"""The service: rates over HTTP by kind and size, growth, and a simulation of a cluster."""
