-- The program that judged what the store knows last: one row. Another one judges everything anew when it starts.
create table judges (
  only boolean primary key default true check (only),
  revision text not null
);
