"""A believable company made up from a seed, so that everybody can try the product with a full screen."""
