"""What the end-to-end tests share: the real server, a client, a browser, and a provider that does as it is told."""
