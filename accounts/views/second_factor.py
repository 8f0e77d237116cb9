from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.totp.views import ActivateTOTPView


class SetUpSecondFactor(ActivateTOTPView):
    """Sets up the app. The code that proves it counts as the second factor of this session."""

    def form_valid(self, form):
        response = super().form_valid(form)
        record_authentication(self.request, self.request.user, "mfa", type="totp")
        return response
