"""SOWGenerator: writes the proposal as a statement of work.

`design` opens the document and its styles, `page` writes by them, and `sections` calls the modules that know what each
section says. All figures and statements come from the proposal. `make_template` makes default.docx.
"""
