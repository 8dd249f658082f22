"""A fake EC2 for tests: moto's data model and wire format, with the ENI rules of the real service on top."""
