# Node 26 is the current LTS line (since October 2026), Debian 13 its default base.
ARG BASE=node:26-trixie-slim

# The speech engine for every CPU of the architecture; which kernels run is decided where it runs.
FROM ${BASE} AS engine
RUN apt-get update \
 && apt-get install -y --no-install-recommends cmake g++ make ffmpeg ca-certificates \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY docker/build-engine.mjs docker/
COPY src/setup src/setup
COPY src/speech/bundled src/speech/bundled
RUN node docker/build-engine.mjs /opt/gramscribe/engine

# The program, compiled, with what it needs to run.
FROM ${BASE} AS program
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --include=dev
COPY tsconfig.json tsconfig.build.json ./
COPY src src
RUN npm run build \
 && npm prune --omit=dev

# What runs. Drivers of graphics cards come in with ffmpeg, which loads none of them: a quarter of a gigabyte, taken out.
FROM ${BASE}
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates ffmpeg libgomp1 redis-server tini \
 && dpkg --purge --force-depends libllvm19 libz3-4 mesa-libgallium \
 && ffmpeg -hide_banner -version \
 && rm -rf /var/lib/apt/lists/* \
 && mkdir -p /data && chown node:node /data
WORKDIR /opt/gramscribe
COPY --from=engine /opt/gramscribe/engine engine
COPY --from=program /build/node_modules node_modules
COPY --from=program /build/dist dist
COPY src/speech/bundled src/speech/bundled
COPY src/sandbox/page src/sandbox/page
COPY src/modules/builtin/status/fonts src/modules/builtin/status/fonts
COPY package.json ./
COPY docker/entrypoint.sh docker/healthcheck.mjs docker/
RUN chmod +x dist/main.js docker/entrypoint.sh \
 && ln -s /opt/gramscribe/docker/entrypoint.sh /usr/local/bin/gramscribe

# Web storage is nothing to a daemon, and Node 26 warns of it when a library looks whether it is there. With one arena of
# malloc's a thread, the daemon would take 10 MB more.
ENV NODE_ENV=production \
    NODE_OPTIONS=--no-experimental-webstorage \
    MALLOC_ARENA_MAX=2 \
    GRAMSCRIBE_DATA=/data \
    GRAMSCRIBE_ENGINE_DIR=/opt/gramscribe/engine \
    XDG_CACHE_HOME=/data/cache
USER node
VOLUME /data
# The first start downloads the model: that is not ill health yet.
HEALTHCHECK --interval=30s --timeout=10s --start-period=15m --retries=4 CMD ["node", "/opt/gramscribe/docker/healthcheck.mjs"]
ENTRYPOINT ["tini", "--", "gramscribe"]
CMD ["start"]
