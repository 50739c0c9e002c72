"""The code that the site shows, one module a chapter; each also works copied alone into another project."""
