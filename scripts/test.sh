# `npm test`: sets the checkout up if need be (any Node >= 20 may call it), then hands over to the pinned Node.
# `--checks-only` leaves the tests out (`npm run check`).
cd "${0%/*}/.." || exit 3
. scripts/setup.sh
mkdir -p dist
take_lock
ensure_node
ensure_modules
release_lock
exec node scripts/test.ts "$@"
