"""What schemathesis must not try."""

from urllib.parse import urlencode

import schemathesis


@schemathesis.hook
def before_call(context, case, kwargs):
    # A target over 6 kB does not fit into libmicrohttpd's memory, which then words its own 414; shorter ones the
    # bar refuses in its own words, as GateTests hold.
    if len(urlencode(case.query or {}, doseq=True)) > 3_000:
        case.query = {}
