# One image for web, workers, beat and migrations; the command says which.
FROM node:22-bookworm-slim AS browser
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=optional --no-audit --no-fund

FROM python:3.13-slim-bookworm AS packages
COPY requirements.lock /
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r /requirements.lock

FROM python:3.13-slim-bookworm
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DATA_DIR=/data
RUN useradd --system --uid 10001 --no-create-home tanshi && install -d -o tanshi -g tanshi /data
WORKDIR /app
COPY --from=packages /venv /venv
COPY --from=browser /app/node_modules node_modules
COPY . .
# Static files belong to the image: every web process serves the same ones. TANSHI_TOOLING needs no secret.
RUN TANSHI_TOOLING=1 python manage.py collectstatic --noinput --verbosity 0 && chown -R tanshi /data
USER tanshi
EXPOSE 8000
CMD ["uvicorn", "config.asgi:application", "--host", "0.0.0.0", "--port", "8000", "--no-access-log", "--ws-per-message-deflate", "false"]
