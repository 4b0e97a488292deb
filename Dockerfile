# syntax=docker/dockerfile:1
# subctl for clusters and compose: `subctl daemon`, `subctl serve` or one task. The database is elsewhere (DATABASE_URL), so there is no PostgreSQL in it.
#   docker build -t subctl:0.1.0 .

FROM node:24-bookworm-slim AS build
WORKDIR /source
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm pack --silent --pack-destination /tmp && mv /tmp/subctl-*.tgz /tmp/subctl.tgz

FROM node:24-bookworm-slim
COPY --from=build /tmp/subctl.tgz /tmp/subctl.tgz
# not --global: npm ignores --omit there
RUN npm install --prefix /opt/subctl --omit=optional --no-audit --no-fund /tmp/subctl.tgz \
  && rm -rf /tmp/subctl.tgz "$(npm config get cache)" \
  && ln -s /opt/subctl/node_modules/.bin/subctl /usr/local/bin/subctl
ENV NODE_ENV=production NO_COLOR=1 SUBCTL_DATABASE=external SUBCTL_HEALTH_PORT=9464
# the account `node` of the image, by its number, so that a cluster sees that it is not root
USER 1000:1000
WORKDIR /home/node
EXPOSE 8788 9464
# of the daemon; for `subctl serve` set SUBCTL_HEALTH_PORT=8788. A container of one task ends before the first look.
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.SUBCTL_HEALTH_PORT}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["subctl"]
CMD ["daemon", "--listen", "0.0.0.0:9464", "--log-format", "json"]
