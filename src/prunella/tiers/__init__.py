"""Who answers: prevent, self-heal, people. The router moves a contact from tier to tier."""
