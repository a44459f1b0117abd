"""Every use case as a frozen dataclass, a module for each topic: what somebody wants done, in their words."""
