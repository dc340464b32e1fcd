"""A database with a column of every type and tables of every kind, as teams have them."""

from __future__ import annotations

SCHEMA = "audit_shop"
PUBLICATION, DIRECT = "audit_shop_root", "audit_shop_leaves"

TYPES = f"""
CREATE SCHEMA {SCHEMA};
CREATE TYPE {SCHEMA}.mood AS ENUM ('sad', 'it''s ok', 'happy');
CREATE DOMAIN {SCHEMA}.amount AS numeric(12, 2);
CREATE DOMAIN {SCHEMA}.word AS text CHECK (VALUE <> '');
CREATE TYPE {SCHEMA}.pair AS (a integer, b text);
"""

COLUMNS = {
    "c_smallint": ("smallint", "(n % 60000 - 30000)::smallint"),
    "c_int": ("integer", "-n"),
    "c_bigint": ("bigint", "n * 9007199254741"),
    "c_bool": ("boolean", "n % 2 = 0"),
    "c_real": ("real", "n / 3.0"),
    "c_double": ("double precision", "CASE n % 7 WHEN 0 THEN 'NaN' ELSE n / 7.0 END"),
    "c_numeric": ("numeric", "n / 3.0 + 1e-9"),
    "c_numeric_s": ("numeric(20, 8)", "n * 0.00000001"),
    "c_numeric_i": ("numeric(30, 0)", "n * 12345678901234567890::numeric"),
    "c_money": ("money", "(n * 1.25)::numeric::money"),
    "c_text": ("text", "E'tab\\tnew\\nline \\\\ \"quoted\" ' || n || ' Grüße 🦊'"),
    "c_varchar": ("varchar(80)", "repeat('v', (n % 40)::int)"),
    "c_char": ("char(12)", "'c' || n % 1000"),
    "c_name": ("name", "'n' || n"),
    "c_bytea": ("bytea", "decode(md5(n::text), 'hex')"),
    "c_date": ("date", "date '1969-12-30' + (n % 40000)::int"),
    "c_time": ("time", "time '00:00' + n * interval '1.234567 s'"),
    "c_time3": ("time(3)", "time '00:00' + n * interval '1.234567 s'"),
    "c_timetz": ("timetz", "timetz '00:00+02' + n * interval '1.234567 s'"),
    "c_timestamp": ("timestamp", "timestamp '1969-12-31' + n * interval '12345.678901 s'"),
    "c_timestamp3": ("timestamp(3)", "timestamp '1960-01-01' + n * interval '12345.678901 s'"),
    "c_timestamptz": ("timestamptz", "timestamptz '2000-01-01+01' + n * interval '99.000100 s'"),
    "c_interval": (
        "interval",
        "make_interval(years => -(n % 3)::int, months => 2, days => "
        "(n % 40)::int, secs => n % 1000 + 0.25)",
    ),
    "c_uuid": ("uuid", "md5(n::text)::uuid"),
    "c_json": ("json", "'{\"b\": 1,  \"a\": [' || n || ', null]}'"),
    "c_jsonb": ("jsonb", "jsonb_build_object('n', n, 't', 'ü', 'x', 1.50)"),
    # This build of PostgreSQL has no libxml: a column can be made, and a value can not.
    "c_xml": ("xml", ""),
    "c_inet": ("inet", "'10.0.0.0/8'::inet + n % 65536"),
    "c_cidr": ("cidr", "'10.1.0.0/16'"),
    "c_macaddr": ("macaddr", "'08:00:2b:01:02:03'"),
    "c_macaddr8": ("macaddr8", "'08:00:2b:01:02:03:04:05'"),
    "c_bit": ("bit", "(n % 2)::int::bit"),
    "c_bits": ("bit(12)", "(n % 4096)::int::bit(12)"),
    "c_varbit": ("varbit(16)", "B'00101'"),
    "c_point": ("point", "point(n / 3.0, -n)"),
    "c_int4range": ("int4range", "int4range(n::int, n::int + 5)"),
    "c_numrange": ("numrange", "numrange(n, NULL)"),
    "c_tsrange": ("tsrange", "tsrange('2020-01-01', timestamp '2020-01-02' + n * interval '1s')"),
    "c_tstzrange": ("tstzrange", "tstzrange('2020-01-01 00:00+00', NULL)"),
    "c_daterange": ("daterange", "daterange('2020-01-01', date '2020-01-02' + (n % 300)::int)"),
    "c_tsvector": ("tsvector", "to_tsvector('simple', 'a b ' || n)"),
    "c_mood": (f"{SCHEMA}.mood", f"(ARRAY['sad', 'it''s ok', 'happy'])[n % 3 + 1]::{SCHEMA}.mood"),
    "c_amount": (f"{SCHEMA}.amount", "n * 0.5"),
    "c_word": (f"{SCHEMA}.word", "'w' || n"),
    "c_pair": (f"{SCHEMA}.pair", f"ROW(n, 'x')::{SCHEMA}.pair"),
    "c_ints": ("integer[]", "ARRAY[n, NULL, -n]"),
    "c_texts": ("text[]", "ARRAY['a,b', 'q\"uote', NULL, 'NULL', '', '{' || n]"),
    "c_numerics": ("numeric(10, 2)[]", "ARRAY[n, 1.5]::numeric(10, 2)[]"),
    "c_bools": ("boolean[]", "ARRAY[true, NULL]"),
    "c_dates": ("date[]", "ARRAY[date '2020-02-29', NULL]"),
    "c_uuids": ("uuid[]", "ARRAY[md5(n::text)::uuid]"),
    "c_moods": (f"{SCHEMA}.mood[]", f"ARRAY['sad']::{SCHEMA}.mood[]"),
    "c_generated": ("bigint GENERATED ALWAYS AS (id * 2) STORED", ""),
    "select": ("text", "'reserved'"),
    "Größe": ("text", "'unicode ' || n"),
}
"""Column -> its type and an expression of n."""
EMPTY = ("c_pair",)
"""Columns of which every other row has NULL as well."""


def every_type() -> str:
    """Returns the statements that create a table with every type, and fill it."""
    columns = ", ".join(f'"{name}" {kind}' for name, (kind, _) in COLUMNS.items())
    return f"CREATE TABLE {SCHEMA}.every_type (id bigint PRIMARY KEY, {columns});"


def rows_of_every_type(first: int, last: int) -> str:
    """Returns a statement that inserts rows; a fifth of them has NULL everywhere."""
    given = {name: value for name, (_, value) in COLUMNS.items() if value}
    names = ", ".join(f'"{name}"' for name in given)
    values = ", ".join(
        f"CASE WHEN n % 5 > 0 THEN ({value})::{COLUMNS[name][0]} END"
        for name, value in given.items()
    )
    return (
        f"INSERT INTO {SCHEMA}.every_type (id, {names}) "
        f"SELECT n, {values} FROM generate_series({first}::bigint, {last}) n"
    )


OTHERS = f"""
CREATE TABLE {SCHEMA}.composite (a text, b uuid, "C" date, note text, PRIMARY KEY (b, "C", a));
CREATE TABLE {SCHEMA}."Un & Co" ("order" bigint PRIMARY KEY, "from" text);
CREATE TABLE {SCHEMA}."Größen" (id bigint PRIMARY KEY, note text);
CREATE TABLE {SCHEMA}.keyless (a integer, b text);
ALTER TABLE {SCHEMA}.keyless REPLICA IDENTITY FULL;
CREATE TABLE {SCHEMA}.uniquely (code text NOT NULL UNIQUE, n integer);
ALTER TABLE {SCHEMA}.uniquely REPLICA IDENTITY USING INDEX uniquely_code_key;
CREATE TABLE {SCHEMA}.large (id bigint PRIMARY KEY, n integer, body text, raw bytea, tags text[]);
ALTER TABLE {SCHEMA}.large ALTER body SET STORAGE EXTERNAL, ALTER raw SET STORAGE EXTERNAL,
    ALTER tags SET STORAGE EXTERNAL;
CREATE TABLE {SCHEMA}.altered (id bigint PRIMARY KEY, old integer, note text);
CREATE TABLE {SCHEMA}.emptied (id bigint PRIMARY KEY, note text);
CREATE TABLE {SCHEMA}.parts (id bigint, day date, n integer, PRIMARY KEY (id, day))
    PARTITION BY RANGE (day);
CREATE TABLE {SCHEMA}.parts_1 PARTITION OF {SCHEMA}.parts
    FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE {SCHEMA}.parts_2 PARTITION OF {SCHEMA}.parts
    FOR VALUES FROM ('2021-01-01') TO ('2022-01-01');
CREATE TABLE {SCHEMA}.deferred (id bigint, CONSTRAINT deferred_pk PRIMARY KEY (id));

INSERT INTO {SCHEMA}.composite SELECT 'k' || n, md5(n::text)::uuid, date '2020-01-01' + n, 'x'
    FROM generate_series(1, 300) n;
INSERT INTO {SCHEMA}."Un & Co" SELECT n, 'f' || n FROM generate_series(1, 200) n;
INSERT INTO {SCHEMA}."Größen" SELECT n, 'x' FROM generate_series(1, 20) n;
INSERT INTO {SCHEMA}.keyless SELECT n % 10, 'b' || n % 3 FROM generate_series(1, 200) n;
INSERT INTO {SCHEMA}.uniquely SELECT 'c' || n, n FROM generate_series(1, 100) n;
INSERT INTO {SCHEMA}.large SELECT n, 0, repeat(md5(n::text), 200),
    decode(repeat(md5(n::text), 200), 'hex'), ARRAY[repeat(md5(n::text), 150)]
    FROM generate_series(1, 100) n;
INSERT INTO {SCHEMA}.altered SELECT n, n, 'x' FROM generate_series(1, 100) n;
INSERT INTO {SCHEMA}.emptied SELECT n, 'x' FROM generate_series(1, 100) n;
INSERT INTO {SCHEMA}.parts SELECT n, date '2020-06-01' + (n % 500)::int, n
    FROM generate_series(1, 300) n;
"""
TABLES = (
    *("every_type", "composite", "Un & Co", "Größen", "keyless", "uniquely", "large"),
    *("altered", "emptied", "parts", "parts_1", "parts_2", "deferred"),
)

PUBLISHED = ", ".join(f'{SCHEMA}."{name}"' for name in TABLES if not name.startswith("parts_"))
PUBLICATIONS = f"""
CREATE PUBLICATION {PUBLICATION} FOR TABLE {PUBLISHED} WITH (publish_via_partition_root = true);
CREATE PUBLICATION {DIRECT} FOR TABLE {PUBLISHED};
"""

CHANGES = (
    f"UPDATE {SCHEMA}.composite SET note = note || '+' WHERE \"C\" = date '2020-01-01' + %(n)s",
    f"UPDATE {SCHEMA}.composite SET a = a || 'm' WHERE \"C\" = date '2020-01-01' + %(n)s",
    f"DELETE FROM {SCHEMA}.composite WHERE \"C\" = date '2020-01-01' + %(n)s AND %(n)s %% 7 = 0",
    f'UPDATE {SCHEMA}."Un & Co" SET "from" = NULL WHERE "order" = %(n)s',
    f'INSERT INTO {SCHEMA}."Un & Co" VALUES (1000 + %(m)s, %(n)s)',
    f"INSERT INTO {SCHEMA}.keyless VALUES (%(n)s %% 10, 'b1')",
    f"DELETE FROM {SCHEMA}.keyless WHERE ctid IN (SELECT ctid FROM {SCHEMA}.keyless LIMIT 1)",
    f"UPDATE {SCHEMA}.keyless SET b = 'b2' WHERE a = %(n)s %% 10 AND b = 'b1'",
    f"UPDATE {SCHEMA}.uniquely SET n = n + 1 WHERE code = 'c' || %(n)s",
    f"UPDATE {SCHEMA}.large SET n = n + 1 WHERE id = %(n)s %% 100",
    f"UPDATE {SCHEMA}.large SET body = body || 'x' WHERE id = %(n)s %% 100",
    f"UPDATE {SCHEMA}.large SET id = 1000 + %(m)s WHERE id = %(n)s %% 100 AND %(n)s %% 10 = 0",
    f"UPDATE {SCHEMA}.altered SET note = note || 'y' WHERE id = %(n)s %% 100",
    f"INSERT INTO {SCHEMA}.emptied VALUES (1000 + %(m)s, 'z')",
    f"UPDATE {SCHEMA}.parts SET n = n + 1 WHERE id = %(n)s",
    f"UPDATE {SCHEMA}.parts SET day = day + 40 WHERE id = %(n)s AND day < '2021-11-01'",
    f"UPDATE {SCHEMA}.every_type SET c_text = c_text || '!', c_int = %(n)s WHERE id = %(n)s",
    f"DELETE FROM {SCHEMA}.every_type WHERE id = %(n)s AND %(n)s %% 11 = 0",
    f"INSERT INTO {SCHEMA}.deferred VALUES (%(m)s)",
    f"UPDATE {SCHEMA}.deferred SET id = id + 1000000 WHERE id = %(m)s - 3",
)
"""Statements of a writer; n is at most 300, m grows by one with each."""
EMPTYING = f"TRUNCATE {SCHEMA}.emptied"
ALTERING = (
    f"ALTER TABLE {SCHEMA}.altered ADD added integer DEFAULT 7, DROP old",
    f"UPDATE {SCHEMA}.altered SET added = id WHERE id %% 3 = 0",
)
DROPPING = (
    f"DROP PUBLICATION IF EXISTS {PUBLICATION}; DROP PUBLICATION IF EXISTS {DIRECT};"
    f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"
)
