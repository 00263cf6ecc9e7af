/** Quoting of names and texts for SQL statements that take no parameters (DDL, ALTER SYSTEM). Pure. */
export { escapeIdentifier, escapeLiteral } from 'pg'
