"""Ways a notice leaves the product."""
