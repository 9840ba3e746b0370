"""Between department and bureau: packages that prove themselves, review, sampling, last year."""
