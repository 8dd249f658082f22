# The fake EC2 (dev/ec2): moto's data model under EC2's own rules. It keeps its state in memory alone.
ARG PYTHON_VERSION

FROM python:${PYTHON_VERSION}-slim-bookworm
WORKDIR /app
COPY dev/ec2/requirements.txt ./
RUN --mount=type=cache,target=/root/.cache/pip pip install --disable-pip-version-check --requirement requirements.txt
COPY dev/ec2/ec2_launcher ec2_launcher
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER 65532:65532
ENTRYPOINT ["python", "-m", "ec2_launcher"]
CMD ["--port", "5000"]
