#!/usr/bin/env bash
# Builds what a release consists of: a zip of each function for each architecture, the templates with the code in S3, with
# and without SAM's transform, an SBOM, and checksums. pip install -r infra/release/requirements.txt brings what it needs
# beside Rust. The same sources, tools and SOURCE_DATE_EPOCH give the same bytes, wherever the checkout is: infra/docs/deploy.md
# says what of it was tried.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

usage() {
  cat <<'TEXT'
infra/release/build.sh [OPTION…]

  --output DIR            where to put it; default target/release-artefacts
  --architecture NAME     arm64 or x86_64; both if absent
  --function NAME         this function only; may be repeated. Without all of them no template is written
  --binary NAME=FILE      take this binary of a function instead of compiling one; may be repeated
  --profile dev           compile without optimisation, and pack quickly; default release
TEXT
}

fail() {
  printf '%s\n' "$@" >&2
  exit 1
}

output=$root/target/release-artefacts profile=release
architectures=() functions=()
declare -A binaries=()
while (($#)); do
  case $1 in
    --help) usage; exit ;;
    --output | --architecture | --function | --binary | --profile) (($# > 1)) || fail "$1 needs a value." ;;
    *) usage >&2; fail "Unknown option: $1" ;;
  esac
  case $1 in
    --output) output=$(realpath -m "$2") ;;
    --architecture) [[ $2 == arm64 || $2 == x86_64 ]] || fail "--architecture is arm64 or x86_64."; architectures+=("$2") ;;
    --function) functions+=("$2") ;;
    --binary) [[ -f ${2#*=} ]] || fail "${2#*=} is no file."; binaries[${2%%=*}]=$(realpath "${2#*=}") ;;
    --profile) [[ $2 == dev || $2 == release ]] || fail "--profile is dev or release."; profile=$2 ;;
  esac
  shift 2
done

cd "$root"
mapfile -t all < <(sed -nE 's/^ +Binary: ([a-z-]+)$/\1/p' infra/template.yaml)
((${#all[@]})) || fail "infra/template.yaml names no binary."
((${#functions[@]})) || functions=("${all[@]}")
for name in "${functions[@]}" "${!binaries[@]}"; do
  [[ " ${all[*]} " == *" $name "* ]] || fail "There is no function $name; there are: ${all[*]}"
done
((${#architectures[@]})) || architectures=(arm64 x86_64)
if ((${#binaries[@]} && ${#architectures[@]} > 1)); then
  fail "A binary is of one architecture: give --architecture too."
fi

export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
# No path of this machine gets into a binary.
remap="--remap-path-prefix=$root=/latchkey --remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=/cargo"
# The oldest processors of Lambda, as Cargo Lambda sets them itself where RUSTFLAGS is not set.
declare -A processor=([arm64]=neoverse-n1 [x86_64]=haswell)
declare -A target=([arm64]=--arm64 [x86_64]=--x86-64)

# compile FUNCTION ARCHITECTURE FOLDER
compile() {
  local flags=(--locked --quiet "${target[$2]}" --package "$1" --bin "$1" --lambda-dir "$3")
  if [[ $profile == release ]]; then flags+=(--release); fi
  RUSTFLAGS="$remap -C target-cpu=${processor[$2]}" CARGO_INCREMENTAL=0 cargo lambda build "${flags[@]}"
}

for name in "${functions[@]}"; do
  if [[ -z ${binaries[$name]:-} ]]; then
    infra/release/check-tools
    break
  fi
done

rm -rf "$output"
mkdir -p "$output"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
level=9
if [[ $profile == dev ]]; then level=1; fi
count=0 total=$((${#functions[@]} * ${#architectures[@]}))
for architecture in "${architectures[@]}"; do
  for name in "${functions[@]}"; do
    count=$((count + 1)) started=$SECONDS
    printf '[%d/%d] %s, %s: ' "$count" "$total" "$name" "$architecture"
    binary=${binaries[$name]:-}
    if [[ -z $binary ]]; then
      compile "$name" "$architecture" "$work/$architecture" || fail "" "$name does not compile for $architecture."
      binary=$work/$architecture/$name/bootstrap
    fi
    python3 infra/release/package.py zip "$output" "$name" "$architecture" "$binary" "$level"
    printf '%*s%d s\n' 2 "" "$((SECONDS - started))"
  done
done
python3 infra/release/package.py sbom "$output" "${functions[@]}"
if ((${#functions[@]} == ${#all[@]})); then
  python3 infra/release/package.py templates "$output" "${architectures[@]}"
else
  echo "No template: it needs all functions."
fi
python3 infra/release/package.py checksums "$output"
echo "Release artefacts: $output"
