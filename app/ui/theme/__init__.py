"""How everything looks: tokens, and what is made of them."""
