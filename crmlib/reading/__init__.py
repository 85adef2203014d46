"""One reader for every table that people have: spreadsheets and text, any encoding, labels in both languages."""
