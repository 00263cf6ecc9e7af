import type { Catalogue } from '../model/text.ts'

/** YAML's own errors, by the parser's code. */
export const syntaxEn: Catalogue = {
  'plan.syntax.ALIAS_PROPS': 'an alias cannot have an anchor or a tag',
  'plan.syntax.BAD_ALIAS': 'this alias names no anchor before it',
  'plan.syntax.BAD_COLLECTION_TYPE': 'the tag does not fit this list or map',
  'plan.syntax.BAD_DIRECTIVE': 'this % directive is not YAML',
  'plan.syntax.BAD_DQ_ESCAPE': 'this backslash sequence is not YAML: use single quotes',
  'plan.syntax.BAD_INDENT': 'the indentation does not fit what stands above',
  'plan.syntax.BAD_PROP_ORDER': 'anchors and tags stand before the value',
  'plan.syntax.BAD_SCALAR_START': 'text cannot begin with this character: put it between quotes',
  'plan.syntax.BLOCK_AS_IMPLICIT_KEY':
    'a second "key:" on one line: put the value on the next line or between quotes',
  'plan.syntax.BLOCK_IN_FLOW': 'indented lists and maps cannot stand inside brackets or braces',
  'plan.syntax.DUPLICATE_KEY': 'this key is already there',
  'plan.syntax.IMPOSSIBLE': 'this is not YAML',
  'plan.syntax.KEY_OVER_1024_CHARS': 'a key of more than 1024 characters',
  'plan.syntax.MISSING_CHAR':
    'a character is missing: a quote, bracket, brace, comma or the space after a colon',
  'plan.syntax.MULTILINE_IMPLICIT_KEY': 'a key over several lines: a colon is missing, or quotes',
  'plan.syntax.MULTIPLE_ANCHORS': 'a value can have one anchor only',
  'plan.syntax.MULTIPLE_DOCS': 'a second document begins here: a plan is one document',
  'plan.syntax.MULTIPLE_TAGS': 'a value can have one tag only',
  'plan.syntax.NON_STRING_KEY': 'a key must be text',
  'plan.syntax.RESOURCE_EXHAUSTION': 'nested deeper than any plan',
  'plan.syntax.TAB_AS_INDENT': 'a tab cannot indent: use spaces',
  'plan.syntax.TAG_RESOLVE_FAILED': 'this tag is not known: a plan needs none',
  'plan.syntax.UNEXPECTED_TOKEN':
    'this does not belong here: a bracket, brace or quote too many, or a line indented wrongly',
}

export const syntaxFr: Catalogue = {
  'plan.syntax.ALIAS_PROPS': 'un alias ne peut porter ni ancre ni étiquette',
  'plan.syntax.BAD_ALIAS': 'cet alias ne nomme aucune ancre qui le précède',
  'plan.syntax.BAD_COLLECTION_TYPE': 'l’étiquette ne convient pas à cette liste ou à cet ensemble',
  'plan.syntax.BAD_DIRECTIVE': 'cette directive % n’est pas du YAML',
  'plan.syntax.BAD_DQ_ESCAPE':
    'cette suite avec barre oblique inverse n’est pas du YAML : mettez des apostrophes',
  'plan.syntax.BAD_INDENT': 'le retrait ne correspond pas à ce qui précède',
  'plan.syntax.BAD_PROP_ORDER': 'ancres et étiquettes se placent avant la valeur',
  'plan.syntax.BAD_SCALAR_START': 'un texte ne peut commencer par ce caractère : mettez des guillemets',
  'plan.syntax.BLOCK_AS_IMPLICIT_KEY':
    'un second « clé: » sur la même ligne : passez la valeur à la ligne suivante ou entre guillemets',
  'plan.syntax.BLOCK_IN_FLOW':
    'une liste ou un ensemble en retrait ne peut figurer entre crochets ou accolades',
  'plan.syntax.DUPLICATE_KEY': 'cette clé est déjà présente',
  'plan.syntax.IMPOSSIBLE': 'ce n’est pas du YAML',
  'plan.syntax.KEY_OVER_1024_CHARS': 'une clé de plus de 1024 caractères',
  'plan.syntax.MISSING_CHAR':
    'il manque un caractère : guillemet, crochet, accolade, virgule, ou l’espace après deux-points',
  'plan.syntax.MULTILINE_IMPLICIT_KEY':
    'une clé sur plusieurs lignes : il manque deux-points, ou des guillemets',
  'plan.syntax.MULTIPLE_ANCHORS': 'une valeur ne peut porter qu’une ancre',
  'plan.syntax.MULTIPLE_DOCS': 'un second document commence ici : un plan est un seul document',
  'plan.syntax.MULTIPLE_TAGS': 'une valeur ne peut porter qu’une étiquette',
  'plan.syntax.NON_STRING_KEY': 'une clé doit être du texte',
  'plan.syntax.RESOURCE_EXHAUSTION': 'imbrication plus profonde que tout plan',
  'plan.syntax.TAB_AS_INDENT': 'une tabulation ne peut servir de retrait : mettez des espaces',
  'plan.syntax.TAG_RESOLVE_FAILED': 'étiquette inconnue : un plan n’en demande aucune',
  'plan.syntax.UNEXPECTED_TOKEN':
    'ceci n’a pas sa place ici : crochet, accolade ou guillemet en trop, ou retrait de ligne fautif',
}
