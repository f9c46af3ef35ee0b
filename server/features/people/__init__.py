"""The colleagues everybody may see: names, roles, who reports to whom."""
