"""The oracle: what the model and the checks must say, told a second time, from the definitions and not the queries."""
