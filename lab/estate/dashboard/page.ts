import type { Summary } from './summary.ts'

/** French, as its readers are. Every value is a number, a boolean or the site's own name. */
export function page({ site, at, counts, services }: Summary): string {
  const row = (title: string, value: string | number) =>
    `<tr><th scope="row">${title}</th><td>${value}</td></tr>`
  const state = (service: { healthy: boolean }) => (service.healthy ? 'en service' : 'arrêté')
  return `<!doctype html>
<html lang="fr"><meta charset="utf-8"><title>Tableau de bord TechCorp</title>
<h1>Tableau de bord</h1>
<p>Site : ${site} ; relevé : <time>${at}</time></p>
<table>
${row('Comptes', counts.accounts)}
${row('Sessions ouvertes', counts.activeSessions)}
${row('Progressions', counts.progress)}
${row('Réponses d’examen', counts.answers)}
${row('Authentification', state(services.auth))}
${row('Cours', state(services.courses))}
</table></html>
`
}
