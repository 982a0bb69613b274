"""The tabs beside the viewer: each shows a state and gives a presenter what an artist does in it."""
