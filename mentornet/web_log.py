"""The log of gunicorn. Only gunicorn imports it, because it takes other commands 20 ms to load."""

from gunicorn.glogging import Logger

from mentornet.errors import PlainFormatter


class WebServerLogger(Logger):
    """Reports errors in a response that is being sent, without the query of the request."""

    def setup(self, cfg) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(PlainFormatter(self.error_fmt, self.datefmt))

    def exception(self, msg, *args, **kwargs) -> None:
        super().exception(msg, *(str(arg).partition("?")[0] for arg in args), **kwargs)
