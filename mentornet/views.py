"""Pages about errors."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseRedirect
from django.shortcuts import render

from accounts.middleware import redirect_with_kept
from common.kept_posts import USED_HEADER, has_current_token, keep_post, kept_posts_path


@login_not_required
def bad_request(request, exception=None):
    """Render without the request, whose host may be forged."""
    return render(None, "400.html", status=400)


@login_not_required
def forbidden(request, exception=None):
    return render(request, "403.html", status=403)


@login_not_required
def csrf_failure(request, reason=""):
    """Keep what was typed in a page of an earlier sign-in, for the user who typed it (``common.kept_posts``)."""
    kept = None if has_current_token(request) else keep_post(request)
    if kept and kept.user_id == request.user.pk:
        return HttpResponseRedirect(kept_posts_path(), headers={USED_HEADER: str(kept.pk)})
    if kept and not request.user.is_authenticated:
        return redirect_with_kept(request, kept)
    response = render(request, "403.html", {"is_expired_form": True, "is_kept": kept is not None}, status=403)
    if kept:
        response.headers[USED_HEADER] = str(kept.pk)
    return response


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
