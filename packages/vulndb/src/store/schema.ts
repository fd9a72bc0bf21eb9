/** Version of the tables below; a reader refuses any other. */
export const schemaVersion = 1;

/** "PLIM": marks the file as ours (SQLite header, "application id"). */
export const applicationId = 0x504c494d;

/**
 * One file, small rows. `word` interns short words (providers, schemes, severities, …), `list` interns JSON lists
 * (ranges, versions, CVSS ratings). `flaw` names every id of every vulnerability; `grp` points at the flaw that names
 * its alias group, NULL for a group of one. Dates: see `date-number.ts`. EPSS figures are in units of 0.00001.
 */
export const schemaSql = `
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE word(id INTEGER PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE list(id INTEGER PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE feed(id INTEGER PRIMARY KEY, name TEXT NOT NULL, title TEXT NOT NULL, date TEXT NOT NULL, records INTEGER NOT NULL);
CREATE TABLE coverage(ecosystem INTEGER NOT NULL, feed INTEGER NOT NULL, date TEXT NOT NULL, records INTEGER NOT NULL,
  PRIMARY KEY(ecosystem, feed)) WITHOUT ROWID;
CREATE TABLE flaw(id INTEGER PRIMARY KEY, name TEXT NOT NULL, grp INTEGER);
CREATE TABLE package(id INTEGER PRIMARY KEY, ecosystem INTEGER NOT NULL, name TEXT NOT NULL);
CREATE TABLE advisory(id INTEGER PRIMARY KEY, name TEXT NOT NULL, feed INTEGER NOT NULL, provider INTEGER NOT NULL,
  published INTEGER, modified INTEGER, fix_date INTEGER, withdrawn INTEGER, severity INTEGER, cvss INTEGER, title TEXT);
CREATE TABLE advisory_flaw(advisory INTEGER NOT NULL, flaw INTEGER NOT NULL, PRIMARY KEY(advisory, flaw)) WITHOUT ROWID;
CREATE TABLE affected(package INTEGER NOT NULL, advisory INTEGER NOT NULL, position INTEGER NOT NULL, scheme INTEGER NOT NULL,
  source INTEGER NOT NULL, ranges INTEGER, versions INTEGER, fix_state INTEGER NOT NULL, severity INTEGER, arch INTEGER,
  module INTEGER, PRIMARY KEY(package, advisory, position)) WITHOUT ROWID;
CREATE TABLE rating(flaw INTEGER NOT NULL, provider INTEGER NOT NULL, feed INTEGER NOT NULL, severity INTEGER, cvss INTEGER,
  published INTEGER, rejected INTEGER NOT NULL, title TEXT, PRIMARY KEY(flaw, provider, feed)) WITHOUT ROWID;
CREATE TABLE epss(flaw INTEGER PRIMARY KEY, feed INTEGER NOT NULL, score INTEGER NOT NULL, percentile INTEGER NOT NULL,
  date INTEGER NOT NULL);
CREATE TABLE kev(flaw INTEGER PRIMARY KEY, feed INTEGER NOT NULL, added TEXT NOT NULL, due TEXT NOT NULL,
  ransomware INTEGER NOT NULL);
CREATE TABLE exploit(flaw INTEGER NOT NULL, feed INTEGER NOT NULL, count INTEGER NOT NULL, published INTEGER, links TEXT,
  PRIMARY KEY(flaw, feed)) WITHOUT ROWID;
`;

/** Made after the rows, which is faster and leaves fuller pages. */
export const indexSql = `
CREATE UNIQUE INDEX flaw_name ON flaw(name);
CREATE INDEX flaw_grp ON flaw(grp) WHERE grp IS NOT NULL;
CREATE UNIQUE INDEX package_name ON package(ecosystem, name);
`;
