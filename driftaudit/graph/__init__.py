"""Microsoft Graph: signing in, asking politely until there is an answer, and following its pages."""
