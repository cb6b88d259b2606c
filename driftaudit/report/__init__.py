"""An audit rendered for people."""
