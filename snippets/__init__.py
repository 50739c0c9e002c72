"""The code that the site shows, one module a chapter.

Each also works copied alone into another project.
"""
