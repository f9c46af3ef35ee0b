"""When the company is open: its hours, public holidays, and the days on which it is otherwise."""
