# `sh scripts/release.sh FOLDER`: copies the scanner without its sources to FOLDER, with the Node it runs on: what a
# pipeline's image needs. It starts by FOLDER/bin/plimsoll, needs neither npm nor a network, and compares nothing with
# sources. The server stays in the checkout. Progress goes to stderr; what cannot be done ends with exit code 3.
set -eu

say() { printf 'plimsoll: %s\n' "$*" >&2; }
die() { say "$*"; exit 3; }

case ${1:-} in
  '' | -*) die "name the folder that is to hold the scanner: sh scripts/release.sh FOLDER" ;;
  /*) folder=$1 ;;
  *) folder=$(pwd)/$1 ;;
esac
cd "${0%/*}/.."
[ ! -e "$folder" ] || [ -z "$(ls -A "$folder")" ] || die "$folder is not empty: name a new folder, or empty it first."
bin/plimsoll --version >/dev/null || exit 3 # builds if needed
IFS= read -r node <dist/stamp
case $node in runtime/*) ;; *) die "this system has no pinned Node that could go along: its scanner runs in the checkout only." ;; esac

mkdir -p "$folder/bin" "$folder/dist/cli" "$folder/${node%/*}"
cp -P bin/plimsoll bin/sysdig-cli-scanner "$folder/bin/"
while IFS= read -r part; do cp "dist/cli/$part" "$folder/dist/cli/"; done <dist/cli/parts
cp -R dist/assets "$folder/dist/"
cp dist/stamp "$folder/dist/"
cp "$node" "$folder/$node"
cp "${node%/bin/node}/LICENSE" "$folder/${node%/bin/node}/"
cp LICENSE NOTICE "$folder/"
say "the scanner is in $folder: start $folder/bin/plimsoll"
