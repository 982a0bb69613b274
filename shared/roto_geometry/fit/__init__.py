"""How many shapes an outline needs, with which knots, and every frame fitted with them."""
