"""The facts that statements hold: money, dates, lengths of time, people, languages. `find` collects them."""
