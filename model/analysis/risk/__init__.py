"""How sure are we: draws of a plan's uncertain inputs and events, and what follows from them (model.md section 7)."""
