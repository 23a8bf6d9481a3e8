"""What schemathesis must know of our media types. It loads this by its setting `hooks`."""

import schemathesis

# Lines of JSON; random bytes are what it has to stand.
schemathesis.serializer.alias("application/x-sentry-envelope", "application/octet-stream")
