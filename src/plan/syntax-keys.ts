import type { ErrorCode } from 'yaml'
import type { MessageKey } from '../model/text.ts'

/** What the parser finds wrong, in our words. */
export const syntaxKeys: Record<ErrorCode, MessageKey> = {
  ALIAS_PROPS: 'plan.syntax.ALIAS_PROPS',
  BAD_ALIAS: 'plan.syntax.BAD_ALIAS',
  BAD_COLLECTION_TYPE: 'plan.syntax.BAD_COLLECTION_TYPE',
  BAD_DIRECTIVE: 'plan.syntax.BAD_DIRECTIVE',
  BAD_DQ_ESCAPE: 'plan.syntax.BAD_DQ_ESCAPE',
  BAD_INDENT: 'plan.syntax.BAD_INDENT',
  BAD_PROP_ORDER: 'plan.syntax.BAD_PROP_ORDER',
  BAD_SCALAR_START: 'plan.syntax.BAD_SCALAR_START',
  BLOCK_AS_IMPLICIT_KEY: 'plan.syntax.BLOCK_AS_IMPLICIT_KEY',
  BLOCK_IN_FLOW: 'plan.syntax.BLOCK_IN_FLOW',
  DUPLICATE_KEY: 'plan.syntax.DUPLICATE_KEY',
  IMPOSSIBLE: 'plan.syntax.IMPOSSIBLE',
  KEY_OVER_1024_CHARS: 'plan.syntax.KEY_OVER_1024_CHARS',
  MISSING_CHAR: 'plan.syntax.MISSING_CHAR',
  MULTILINE_IMPLICIT_KEY: 'plan.syntax.MULTILINE_IMPLICIT_KEY',
  MULTIPLE_ANCHORS: 'plan.syntax.MULTIPLE_ANCHORS',
  MULTIPLE_DOCS: 'plan.syntax.MULTIPLE_DOCS',
  MULTIPLE_TAGS: 'plan.syntax.MULTIPLE_TAGS',
  NON_STRING_KEY: 'plan.syntax.NON_STRING_KEY',
  RESOURCE_EXHAUSTION: 'plan.syntax.RESOURCE_EXHAUSTION',
  TAB_AS_INDENT: 'plan.syntax.TAB_AS_INDENT',
  TAG_RESOLVE_FAILED: 'plan.syntax.TAG_RESOLVE_FAILED',
  UNEXPECTED_TOKEN: 'plan.syntax.UNEXPECTED_TOKEN',
}
