#include <zlib.h>

// The header offers this as a macro alone, which Swift does not see.
static inline int cherry_inflateInit2(z_stream *stream, int windowBits) { return inflateInit2(stream, windowBits); }
