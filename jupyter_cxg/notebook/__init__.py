"""The kernel's door: the magic, the function and the widget."""
