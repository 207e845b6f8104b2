"""Where a number comes from: equations as people read them (formulas, terms), and the way down to the drivers (derive)."""
