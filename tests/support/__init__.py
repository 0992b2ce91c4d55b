"""What tests share: servers, processes, browser. See tests/README.md."""
