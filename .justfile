# Commands of every day: `just --list` shows them.

# Start everything on http://127.0.0.1:8787.
dev *options:
    cargo run -p local -- {{ options }}

# Run the tests, or those whose names hold the filter.
test filter="":
    cargo test --workspace --locked {{ filter }}

# Format all code.
fmt:
    cargo fmt --all

# What CI refuses: formatting and warnings.
lint:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets --locked -- -D warnings

# Measure against floors and peers; ends with 1 if a figure misses its bound.
bench *options:
    python3 tests/bench/run.py {{ options }}

# Everything that a change has to pass.
ci:
    .ci/run

# Build and deploy a stage: `just deploy`, `just deploy prod`.
deploy stage="default":
    sam build --config-env {{ stage }}
    sam deploy --config-env {{ stage }}
