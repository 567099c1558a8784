# Recipes; each is a plain cargo command.

# Everything that must hold before a commit.
check:
    cargo fmt --check
    cargo clippy --all-targets -- -D warnings
    cargo clippy --no-default-features -- -D warnings
    cargo deny check

test:
    cargo test

# Speed, beside the same work in Python where Pillow, numpy and onnxruntime are installed.
bench:
    cargo bench --bench pipeline
    cargo bench --bench gallery
    cargo bench --bench peers

# The values that independent implementations computed.
golden:
    cargo test golden

# The pictures of docs/screens, drawn without a display.
screens *NAMES:
    cargo run --example screens -- {{NAMES}}

# The window, or a command: just run cluster FOLDER
run *ARGS:
    cargo run --release -- {{ARGS}}

# One archive in target/package that a person without Rust can use.
package:
    cargo build --profile dist --locked
    bash tests/package.sh "$(bash packaging/package.sh target/dist/castlist target/package)"
