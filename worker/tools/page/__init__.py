"""The proposal as one HTML page, to be read before the documents and without Office.

`generator` writes it, `view` has what the template shows, `drawings` the geometry of its pictures, and `colours` keeps
text legible on the profile's colours. `proposal.html.jinja` and `page.css.jinja` are the page itself.
"""
