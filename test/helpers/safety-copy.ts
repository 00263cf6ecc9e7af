/** The public key of a pair that was thrown away. */
export const recipient = 'age1xum0vy2e7lp9t635elx7l3glasverkagagqemzr5k909s60v93csnp5q5l'

export const safetyCopy = { folder: '/srv/safety', recipient, keepUntil: '2027-01-31' }
