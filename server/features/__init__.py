"""One package per capability, so that adding one changes no other room."""
