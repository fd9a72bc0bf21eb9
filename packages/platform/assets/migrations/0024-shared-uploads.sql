-- Two scans of one sender may have the same content: what one has been answered for is still wanted by the other.
alter table upload add column wanted integer not null default 1;
