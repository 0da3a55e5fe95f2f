"""The rules reader and its parts.

`source` repairs the text, `language` and `lexicon` know the words, `lines`, `speech`, `mail` and `tables` the forms,
`outline` joins lines to statements, `classify` and `dialogue` decide what is asked for, `facts` finds the figures, and
`reader` puts it together. All of it is pure and takes linear time.
"""
