"""Prunella settles a SaaS company's billing contacts: prevent, self-heal, agent, human."""
