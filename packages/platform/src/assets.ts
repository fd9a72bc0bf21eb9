/** An empty PostgreSQL 18 cluster (superuser `plimsoll`, C locale, UTF-8, checksums), made by `scripts/make-cluster.sh`. */
export const clusterTemplate: URL = new URL("../assets/postgres/cluster-18.tar.zst", import.meta.url);

/** Folder of the forward-only migrations, `NNNN-name.sql`. */
export const migrationsFolder: URL = new URL("../assets/migrations/", import.meta.url);
