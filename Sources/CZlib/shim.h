#pragma once
#include <zlib.h>

/// `deflateInit2` is a macro. Window bits 15 + 16 ask for a gzip frame.
static inline int czlib_gzip_init(z_stream *stream, int level) {
    return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}
