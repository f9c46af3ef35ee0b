"""The territory tree, who works where, and so who may see which customers."""
