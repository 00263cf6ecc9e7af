/** Tables first: primary keys, unique constraints, foreign keys and indexes are faster built once the rows are in. */
export const tables = `
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE TABLE accounts (
  id bigserial, email text NOT NULL, display_name text NOT NULL, role text NOT NULL DEFAULT 'learner',
  password_hash bytea NOT NULL, password_salt bytea NOT NULL, password_cost int NOT NULL,
  active boolean NOT NULL DEFAULT true, created_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE sessions (
  id bigserial, token_hash bytea NOT NULL, account_id bigint NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(), expires_at timestamptz NOT NULL);
CREATE TABLE courses (
  id bigserial, slug text NOT NULL, title text NOT NULL, summary text NOT NULL, trainer_id bigint NOT NULL);
CREATE TABLE media (
  id bigserial, course_id bigint NOT NULL, path text NOT NULL, kind text NOT NULL);
-- The lessons' text: several kilobytes each, kept out of line.
CREATE TABLE lesson_documents (
  id bigserial, course_id bigint NOT NULL, title text NOT NULL, body text NOT NULL);
CREATE TABLE enrolments (
  account_id bigint NOT NULL, course_id bigint NOT NULL, enrolled_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE progress (
  id bigserial, client_id uuid NOT NULL, account_id bigint NOT NULL, course_id bigint NOT NULL,
  lesson int NOT NULL, percent int NOT NULL CHECK (percent BETWEEN 0 AND 100),
  recorded_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE exams (
  id bigserial, course_id bigint NOT NULL, title text NOT NULL, questions jsonb NOT NULL);
CREATE TABLE answers (
  id bigserial, client_id uuid NOT NULL, account_id bigint NOT NULL, exam_id bigint NOT NULL,
  question int NOT NULL, answer text NOT NULL, score numeric(4,1),
  submitted_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE uploads (
  id bigserial, client_id uuid NOT NULL, account_id bigint NOT NULL, exam_id bigint NOT NULL,
  name text NOT NULL, content bytea NOT NULL, submitted_at timestamptz NOT NULL);
CREATE SEQUENCE certificate_number START 100000 INCREMENT 7;
CREATE TABLE certificates (
  number bigint NOT NULL DEFAULT nextval('certificate_number'), account_id bigint NOT NULL,
  course_id bigint NOT NULL, issued_on date NOT NULL DEFAULT current_date);
-- No primary key, and equal rows are meant: the same act twice in one instant is two lines of the log.
CREATE TABLE audit_log (
  at timestamptz NOT NULL DEFAULT now(), actor text NOT NULL, action text NOT NULL, detail jsonb);
`

export const keysAndIndexes = [
  'ALTER TABLE accounts ADD PRIMARY KEY (id), ADD UNIQUE (email)',
  `ALTER TABLE sessions ADD PRIMARY KEY (id), ADD UNIQUE (token_hash),
     ADD FOREIGN KEY (account_id) REFERENCES accounts ON DELETE CASCADE`,
  'CREATE INDEX ON sessions (expires_at)',
  'ALTER TABLE courses ADD PRIMARY KEY (id), ADD UNIQUE (slug), ADD FOREIGN KEY (trainer_id) REFERENCES accounts',
  'CREATE INDEX ON courses USING gin (title gin_trgm_ops)',
  'ALTER TABLE media ADD PRIMARY KEY (id), ADD UNIQUE (path), ADD FOREIGN KEY (course_id) REFERENCES courses',
  'CREATE INDEX ON media (course_id)',
  'ALTER TABLE lesson_documents ADD PRIMARY KEY (id), ADD FOREIGN KEY (course_id) REFERENCES courses',
  `ALTER TABLE enrolments ADD PRIMARY KEY (account_id, course_id),
     ADD FOREIGN KEY (account_id) REFERENCES accounts, ADD FOREIGN KEY (course_id) REFERENCES courses`,
  `ALTER TABLE progress ADD PRIMARY KEY (id), ADD UNIQUE (client_id),
     ADD FOREIGN KEY (account_id) REFERENCES accounts, ADD FOREIGN KEY (course_id) REFERENCES courses`,
  'CREATE INDEX ON progress (account_id, course_id)',
  'ALTER TABLE exams ADD PRIMARY KEY (id), ADD FOREIGN KEY (course_id) REFERENCES courses',
  'CREATE INDEX ON exams (course_id)',
  `ALTER TABLE answers ADD PRIMARY KEY (id), ADD UNIQUE (client_id),
     ADD FOREIGN KEY (account_id) REFERENCES accounts, ADD FOREIGN KEY (exam_id) REFERENCES exams`,
  'CREATE INDEX ON answers (account_id, exam_id)',
  `ALTER TABLE uploads ADD PRIMARY KEY (id), ADD UNIQUE (account_id, client_id),
     ADD FOREIGN KEY (account_id) REFERENCES accounts, ADD FOREIGN KEY (exam_id) REFERENCES exams`,
  `ALTER TABLE certificates ADD PRIMARY KEY (number), ADD FOREIGN KEY (account_id) REFERENCES accounts,
     ADD FOREIGN KEY (course_id) REFERENCES courses`,
  'CREATE INDEX ON audit_log (at)',
]

/** What the estate's programs may do: never own, alter or drop. `role` must be a plain name. */
export function grants(role: string): string {
  if (!/^[a-z_][a-z0-9_]*$/.test(role)) throw new Error(`not a plain role name: ${role}`)
  return `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${role};
    GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO ${role}`
}
