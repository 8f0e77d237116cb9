from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up: administrators invite."""

    def is_open_for_signup(self, request) -> bool:
        return False
