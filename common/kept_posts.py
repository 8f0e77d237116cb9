"""Kept posts: what a user typed in a form and sent when the session, or the token of the form, had ended.

The words are encrypted with a key that only the browser has, in an HttpOnly cookie, and stored for the user whose page
it was. The cookie names the users of the pages that the browser was sent, each by a digest of the secret behind the
CSRF tokens of the page: a sign-in changes the secret. A posted token therefore shows whose page it came from, and
no other site can know one. After the user has signed in again, the page of kept posts sends the words to where they
were going.
"""

import datetime as dt
import json
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import InvalidTokenFormat, _check_token_format, _unmask_cipher_token
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from common.models import KeptPost

SALT = "common.kept_posts"
PAGE = "kept_posts"  # path name of the page that shows them
KEEP = dt.timedelta(days=1)
COOKIE_SECONDS = 60 * 60 * 24 * 7  # a page that was opened earlier is out of date
SIGN_INS_OF_A_BROWSER = 8
POSTS_OF_A_USER = 20
USED = "kept_post"  # name of the field with the key of the post that a form sends again
USED_HEADER = "X-Kept-Post"
TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - the name of a field
SECRETS = ("account_", "mfa_")  # path names of pages in which passwords and codes are typed
CHOICES = {"set_language", "session", PAGE, "accounts:choose_branch", "accounts:set_theme"}  # nothing is typed there


@dataclass(frozen=True)
class Words:
    """The contents of a kept post: where it was going, its fields, and the names of files, which are not kept."""

    post: KeptPost
    path: str
    page: str
    fields: list[tuple[str, list[str]]]
    files: list[str]


def cookie_name() -> str:
    return "__Host-pages" if settings.SESSION_COOKIE_SECURE else "pages"


def note_page(request: HttpRequest, response: HttpResponse, branch: int | None) -> None:
    """Note in the cookie of the browser whose pages have the current CSRF secret, and the branch that was chosen."""
    secret = request.META.get("CSRF_COOKIE")
    if not secret:
        return
    browser = _browser(request)
    digest, owner = _digest(secret), [request.user.pk, branch]
    if browser["pages"].get(digest) == owner:
        return
    others = [entry for entry in browser["pages"].items() if entry[0] != digest]
    browser["pages"] = dict([*others, (digest, owner)][-SIGN_INS_OF_A_BROWSER:])
    response.set_cookie(
        cookie_name(),
        signing.dumps(browser, salt=SALT),
        max_age=COOKIE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def last_branch(request: HttpRequest, user_pk: int) -> int | None:
    """Return the branch in which the user last worked in this browser."""
    branches = [branch for owner, branch in _browser(request)["pages"].values() if owner == user_pk]
    return branches[-1] if branches else None


def owner_of(request: HttpRequest) -> int | None:
    """Return the primary key of the user whose page sent the post, or None."""
    return _browser(request)["pages"].get(_digest(_posted_secret(request)), [None])[0]


def has_current_token(request: HttpRequest) -> bool:
    """Return whether the token of the post belongs to the CSRF cookie."""
    return _posted_secret(request) == request.META.get("CSRF_COOKIE")


def keep_post(request: HttpRequest) -> KeptPost | None:
    """Store the post for the user whose page sent it; return None if there is none, or nothing that may be kept."""
    if request.method != "POST" or _is_large(request) or not _may_be_kept(request.path_info):
        return None
    owner = owner_of(request)
    if owner is None:
        return None
    words = {
        "path": request.get_full_path(),
        "page": _page_of(request),
        "fields": [
            (name, values)
            for name, values in request.POST.lists()
            if name not in {TOKEN, USED} and "password" not in name
        ],
        "files": [file.name for _name, files in request.FILES.lists() for file in files],
    }
    sealed = Fernet(_browser(request)["key"]).encrypt(json.dumps(words).encode()).decode()
    post = KeptPost.objects.create(user_id=owner, sealed=sealed)
    newest = KeptPost.objects.filter(user_id=owner).order_by("-pk").values_list("pk", flat=True)[:POSTS_OF_A_USER]
    KeptPost.objects.filter(user_id=owner).exclude(pk__in=list(newest)).delete()
    return post


def kept_words(request: HttpRequest) -> list[Words]:
    """Return the kept posts of the signed-in user that this browser can read, newest first."""
    key = _browser(request)["key"]
    since = timezone.now() - KEEP
    found = [
        _opened(post, key) for post in KeptPost.objects.filter(user=request.user, kept_at__gt=since).order_by("-pk")
    ]
    return [words for words in found if words is not None]


def drop_used(request: HttpRequest) -> None:
    """Delete the kept post that this request sent again."""
    key = request.headers.get(USED_HEADER, "") if _is_large(request) else _posted_key(request)
    if key.isdecimal() and len(key) < 19:
        KeptPost.objects.filter(pk=key, user=request.user).delete()


def _posted_key(request: HttpRequest) -> str:
    return request.POST.get(USED) or request.headers.get(USED_HEADER, "")


def _is_large(request: HttpRequest) -> bool:
    """Return whether the body is larger than typed words are. It has files, and is not read here."""
    length = request.META.get("CONTENT_LENGTH") or ""
    return length.isdecimal() and int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def kept_posts_path() -> str:
    return reverse(PAGE)


def _browser(request: HttpRequest) -> dict:
    """Return the contents of the cookie: the key and, by digest, user and branch of pages."""
    if not hasattr(request, "_kept_posts_browser"):
        try:
            stored = signing.loads(request.COOKIES.get(cookie_name(), ""), salt=SALT, max_age=COOKIE_SECONDS)
        except signing.BadSignature:
            stored = {"key": Fernet.generate_key().decode(), "pages": {}}
        request._kept_posts_browser = stored
    return request._kept_posts_browser


def _digest(secret: str | None) -> str:
    return salted_hmac(SALT, secret).hexdigest()[:20] if secret else ""


def _posted_secret(request: HttpRequest) -> str | None:
    token = request.POST.get(TOKEN) or request.META.get(settings.CSRF_HEADER_NAME, "")
    try:
        _check_token_format(token)
    except InvalidTokenFormat:
        return None
    return _unmask_cipher_token(token) if len(token) == 64 else token


def _may_be_kept(path: str) -> bool:
    try:
        match = resolve(path)
    except Resolver404:
        return False
    return match.view_name not in CHOICES and not match.view_name.startswith(SECRETS)


def _page_of(request: HttpRequest) -> str:
    """Return the path of the page with the form, as the browser names it, or an empty text."""
    start = f"{request.scheme}://{request.get_host()}"
    page = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    return page.removeprefix(start) if page.startswith(f"{start}/") else ""


def _opened(post: KeptPost, key: str) -> Words | None:
    try:
        words = json.loads(Fernet(key).decrypt(post.sealed))
    except InvalidToken:  # kept by another browser
        return None
    return Words(post, words["path"], words["page"], [tuple(field) for field in words["fields"]], words["files"])
