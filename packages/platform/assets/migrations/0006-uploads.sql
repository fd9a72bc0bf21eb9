-- Analyses on their way in, piece by piece; named by the hash of the whole, and by who sends it: nobody reads another's.
create table upload (
  sha256 bytea not null,
  owner text not null,
  received bigint not null,
  started_at timestamptz not null,
  primary key (sha256, owner)
);
create table upload_piece (
  sha256 bytea not null,
  owner text not null,
  position bigint not null,
  bytes bytea not null,
  primary key (sha256, owner, position),
  foreign key (sha256, owner) references upload (sha256, owner) on delete cascade
);
alter table upload_piece alter column bytes set storage external;
create index upload_age on upload (started_at);
