CREATE TABLE request_log (
    tool         text NOT NULL,
    duration_ms  integer NOT NULL
);
