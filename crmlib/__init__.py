"""AHP, customer lifetime value and ABC: the tested methods behind the book on customer value."""

__version__ = "0.1.0"
