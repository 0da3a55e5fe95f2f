"""The rules reader and its parts.

`text` takes the characters apart into lines, `outline` joins these to statements, `meaning` and `talk` decide what is
asked for, `facts` finds the figures, `telling` words it, and `result` makes requirements of it. `language` and
`lexicon` know the words, which are data; `reader` puts it together. All of it is pure and takes linear time.
"""
