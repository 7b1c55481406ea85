"""Light and dark: one table of colours for Qt's palette, the style sheet and the plots."""
