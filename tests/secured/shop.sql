-- The tables of another team, and the least rights of the two roles that read them.
CREATE EXTENSION hstore;
CREATE SCHEMA shop;
CREATE TYPE shop.state AS ENUM ('open', 'paid', 'sent', 'returned');

CREATE TABLE shop.customers (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    email text UNIQUE,
    address jsonb,
    labels hstore
);
CREATE TABLE shop.orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer uuid NOT NULL REFERENCES shop.customers,
    placed timestamptz NOT NULL,
    state shop.state NOT NULL DEFAULT 'open',
    total numeric(12, 2) NOT NULL,
    note text
);
CREATE TABLE shop.order_items (
    order_id bigint REFERENCES shop.orders,
    line smallint,
    article text NOT NULL,
    quantity integer NOT NULL CHECK (quantity > 0),
    price numeric(12, 2) NOT NULL,
    sum numeric(14, 2) GENERATED ALWAYS AS (price * quantity) STORED,
    PRIMARY KEY (order_id, line)
);
-- Not captured.
CREATE TABLE shop.sessions (token text PRIMARY KEY, seen timestamptz);

INSERT INTO shop.customers
SELECT md5('customer ' || n)::uuid, 'customer ' || n, 'customer' || n || '@example.org',
       jsonb_build_object('street', 'Street ' || n, 'zip', 10000 + n), hstore('tier', (n % 3)::text)
FROM generate_series(1, 100) AS n;
INSERT INTO shop.orders (customer, placed, state, total, note)
SELECT md5('customer ' || 1 + n % 100)::uuid, timestamptz '2026-01-01 00:00Z' + n * interval '1 h',
       (enum_range(NULL::shop.state))[1 + n % 4], n * 1.25, repeat('note ', n % 20)
FROM generate_series(1, 300) AS n;
INSERT INTO shop.order_items
SELECT n, line, 'article ' || (n * line) % 37, 1 + n % 5, 0.5 + line
FROM generate_series(1, 300) AS n, generate_series(1, 2) AS line;
INSERT INTO shop.sessions SELECT md5(n::text), now() FROM generate_series(1, 20) AS n;

-- The publication is made by the owner of the tables.
CREATE PUBLICATION shop_cdc FOR TABLE shop.customers, shop.orders, shop.order_items;
GRANT USAGE ON SCHEMA shop TO debezium, acceptance;
GRANT SELECT ON shop.customers, shop.orders, shop.order_items TO debezium, acceptance;
-- What attach needs: a schema, tables and a publication of its own.
GRANT CREATE ON DATABASE shopdb TO acceptance;
