-- The tables whose changes are captured (Feature 002). By `version` and `checksum` a test
-- finds which change of a row an event describes, and whether it arrived unchanged.
CREATE TABLE public.videos (
    id bigint PRIMARY KEY,
    title text NOT NULL,
    description text,
    duration_s integer NOT NULL,
    version integer NOT NULL DEFAULT 1,
    checksum text
);
CREATE TABLE public.users (
    id bigint PRIMARY KEY,
    name text NOT NULL,
    email text NOT NULL,
    version integer NOT NULL DEFAULT 1,
    checksum text
);
CREATE TABLE public.comments (
    id bigint PRIMARY KEY,
    video_id bigint NOT NULL,
    user_id bigint NOT NULL,
    body text NOT NULL,
    version integer NOT NULL DEFAULT 1,
    checksum text
);
-- Events carry the whole row before a change, not only its key (FR-009: before and after).
ALTER TABLE public.videos REPLICA IDENTITY FULL;
ALTER TABLE public.users REPLICA IDENTITY FULL;
ALTER TABLE public.comments REPLICA IDENTITY FULL;

INSERT INTO public.videos (id, title, description, duration_s)
    SELECT n, 'video ' || n, 'seed row', 60 + n FROM generate_series(1, 3) AS n;
INSERT INTO public.users (id, name, email)
    SELECT n, 'user ' || n, 'user' || n || '@example.org' FROM generate_series(1, 3) AS n;
INSERT INTO public.comments (id, video_id, user_id, body)
    SELECT n, n, n, 'seed row' FROM generate_series(1, 3) AS n;
