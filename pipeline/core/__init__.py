"""Hold what every room needs: values, errors, the store, tables and vocabularies."""
