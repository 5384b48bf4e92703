# Throughline with everything in it: no model server, no database server, nothing fetched at run time.
# It is built by the same `make install` that a person uses. A smaller image: build with
#   --build-arg PIP_ARGS="--extra-index-url <the CPU wheel index named on PyTorch's install page>"
FROM python:3.11-slim

ARG PIP_ARGS=""

# Versions stay open on purpose: Debian removes superseded ones, and a pinned build would break.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends make \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --create-home throughline \
    && install --directory --owner throughline /data

WORKDIR /srv/throughline
COPY . .
RUN make install PIP_ARGS="--no-cache-dir --compile ${PIP_ARGS}"

# Code and packages belong to root; the only place this user writes is the data volume.
USER 10001
VOLUME /data

# An address that others can reach needs a key: without THROUGHLINE_ACCESS_KEY (16 characters or more) `serve` refuses to start.
ENV THROUGHLINE_DATA_DIR=/data \
    THROUGHLINE_HOST=0.0.0.0 \
    THROUGHLINE_PORT=8000 \
    PYTHONUNBUFFERED=1

EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD [".venv/bin/python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD [".venv/bin/throughline", "serve"]
