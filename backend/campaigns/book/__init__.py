"""Read and change the customer book (venue_data.md)."""
