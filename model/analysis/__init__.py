"""The questions asked of the model."""
