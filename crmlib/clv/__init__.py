"""Customer lifetime value: cash flows, chains and buy-till-you-die models."""
