"""Pages about errors."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render


@login_not_required
def bad_request(request, exception=None):
    """Render without the request, whose host may be forged."""
    return render(None, "400.html", status=400)


@login_not_required
def forbidden(request, exception=None):
    return render(request, "403.html", status=403)


@login_not_required
def csrf_failure(request, reason=""):
    return render(request, "403.html", {"is_expired_form": True}, status=403)


@login_not_required
def not_found(request, exception=None):
    return render(request, "404.html", status=404)


@login_not_required
def too_many_requests(request, exception=None):
    return render(request, "429.html", status=429)


@login_not_required
def server_error(request):
    """Render without the request, because context processors query the database, which may have failed."""
    return render(None, "500.html", {"request_id": getattr(request, "request_id", "")}, status=500)
