"""Arrays in, arrays out: nothing here knows of datasets, files or requests."""
