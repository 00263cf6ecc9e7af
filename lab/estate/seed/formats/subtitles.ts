const sentences = [
  'Bonjour et bienvenue dans ce module.',
  'Prenez le temps de relire la consigne.',
  'Nous voyons ici un exemple concret.',
  "N'oubliez pas d'enregistrer vos réponses.",
  'À retenir pour l’évaluation finale.',
]

/** WebVTT with a cue every four seconds. */
export function subtitles(title: string, key: number, cues: number): Buffer {
  const lines = Array.from({ length: cues }, (_, index) => {
    const sentence = sentences[(key + index * 3) % sentences.length]
    return `${index + 1}\n${clock(index * 4)} --> ${clock(index * 4 + 3.5)}\n${sentence}\n`
  })
  return Buffer.from(`WEBVTT\n\nNOTE ${title}\n\n${lines.join('\n')}`)
}

/** hh:mm:ss.mmm */
const clock = (seconds: number) => new Date(seconds * 1000).toISOString().slice(11, 23)
