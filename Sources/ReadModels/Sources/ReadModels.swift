// Queries.
