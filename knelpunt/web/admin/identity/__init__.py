"""Who people are: lost second factors, and rules by which a provider's people come in."""
