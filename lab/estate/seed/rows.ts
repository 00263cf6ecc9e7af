import type { RowCounts } from './sizes.ts'

/**
 * One statement a table, every value computed by the server from the row's number: no randomness and no clock,
 * so two seedings give the same rows.
 */
export function rowStatements(counts: RowCounts): { table: string; rows: number; text: string }[] {
  const { accounts, courses } = counts
  const exams = courses * counts.examsPerCourse
  const id = (table: string) => `md5('${table}:' || n)::uuid`
  // Knuth's multiplicative hash spreads rows over accounts without order, as real use does.
  const spread = (count: number, factor = 2_654_435_761) => `1 + (n::bigint * ${factor}) % ${count}`
  const instant = `timestamptz '2026-01-05 08:00Z' + n * interval '7.3 seconds'`
  const series = (rows: number) => `FROM generate_series(1, ${rows}) AS n`
  const statement = (table: string, rows: number, columns: string, values: string) => ({
    table,
    rows,
    text: `INSERT INTO ${table} (${columns}) SELECT ${values} ${series(rows)}`,
  })
  return [
    statement(
      'sessions',
      counts.sessions,
      'id, token_hash, account_id, created_at, expires_at',
      `n, sha256(('session:' || n)::bytea), ${spread(accounts)}, ${instant}, timestamptz '2036-01-01Z'`,
    ),
    statement(
      'courses',
      courses,
      'id, slug, title, summary, trainer_id',
      `n, 'formation-' || lpad(n::text, 4, '0'),
       (ARRAY['Sécurité au travail','Management d''équipe','Bureautique avancée','Comptabilité générale',
              'Réseaux et systèmes','Langue des affaires'])[1 + n % 6] || ' – niveau ' || (1 + n / 6),
       'Objectifs, prérequis et déroulé de la formation ' || n, ${accounts + 1}`,
    ),
    statement(
      'lesson_documents',
      counts.documents,
      'id, course_id, title, body',
      `n, ${spread(courses)}, 'Leçon ' || n,
       (SELECT string_agg(encode(sha512((n || ':' || line)::bytea), 'hex'), '') FROM generate_series(1, 105 + n % 50) AS line)`,
    ),
    {
      table: 'enrolments',
      rows: accounts * counts.enrolmentsPerAccount,
      text: `INSERT INTO enrolments SELECT account, 1 + (account + k * 7 * (1 + account % 3)) % ${courses}, min(at)
             FROM (SELECT n AS account, k, ${instant} AS at ${series(accounts)},
                   generate_series(0, ${counts.enrolmentsPerAccount - 1}) AS k) AS wanted GROUP BY 1, 2`,
    },
    statement(
      'progress',
      counts.progress,
      'id, client_id, account_id, course_id, lesson, percent, recorded_at',
      `n, ${id('progress')}, ${spread(accounts)}, ${spread(courses, 40_503)}, 1 + n % 40, n % 101, ${instant}`,
    ),
    statement(
      'exams',
      exams,
      'id, course_id, title, questions',
      `n, 1 + (n - 1) / ${counts.examsPerCourse}, 'Évaluation ' || n,
       jsonb_build_object('questions', 20, 'pass', 12, 'weights', jsonb_build_array(n % 5, n % 3, 1))`,
    ),
    statement(
      'answers',
      counts.answers,
      'id, client_id, account_id, exam_id, question, answer, score, submitted_at',
      `n, ${id('answers')}, ${spread(accounts)}, ${spread(exams, 40_503)}, 1 + n % 20,
       'Réponse ' || n || ' : ' || left(repeat(md5(n::text), 3), 20 + n % 70),
       CASE WHEN n % 9 = 0 THEN NULL ELSE (n % 41) / 2.0 END, ${instant}`,
    ),
    statement(
      'certificates',
      counts.certificates,
      'account_id, course_id, issued_on',
      `${spread(accounts)}, ${spread(courses, 40_503)}, date '2026-01-05' + n % 300`,
    ),
    {
      table: 'audit_log',
      rows: counts.auditLog,
      // Every tenth line is the one before it once more.
      text: `INSERT INTO audit_log SELECT ${instant}, 'user-' || lpad((${spread(accounts)})::text, 6, '0'),
               (ARRAY['login','open-course','download','submit','logout'])[1 + n % 5],
               jsonb_build_object('ip', '192.0.2.' || n % 255, 'agent', md5('agent:' || n % 400))
             FROM (SELECT CASE WHEN i % 10 = 0 THEN i - 1 ELSE i END AS n
                   FROM generate_series(1, ${counts.auditLog}) AS i) AS lines`,
    },
  ]
}

/** Sequences left at the highest number used, as if the rows had come one by one. */
export const sequenceStatements = [
  'accounts',
  'sessions',
  'courses',
  'media',
  'lesson_documents',
  'progress',
  'exams',
  'answers',
].map(
  table =>
    `SELECT setval(pg_get_serial_sequence('${table}', 'id'), (SELECT greatest(max(id), 1) FROM ${table}))`,
)
