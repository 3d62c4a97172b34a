// passport-oauth2 signs people in to an Express application, with PKCE.
//
// Shows: the strategy works as it is; its manual says that `pkce` needs `state`.
//
// In: STEP ISSUER CLIENT_ID CLIENT_SECRET REDIRECT_URI, and for the step `finish` CALLBACK STATE. Out: { url, state, verifier }
// to begin with, then the tokens that the application gets. The session is in `state` meanwhile.

import express from 'express'
import passport from 'passport'
import { Strategy } from 'passport-oauth2'

const { STEP, ISSUER, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, CALLBACK, STATE = '{}' } = process.env

passport.use(
  new Strategy(
    {
      authorizationURL: `${ISSUER}/oauth/authorize`,
      tokenURL: `${ISSUER}/oauth/token`,
      clientID: CLIENT_ID,
      clientSecret: CLIENT_SECRET,
      callbackURL: REDIRECT_URI,
      state: true,
      pkce: true,
    },
    (access_token, refresh_token, profile, done) => done(null, { access_token, refresh_token }),
  ),
)

const session = JSON.parse(STATE)
const application = express()
application.use((request, response, next) => {
  request.session = session
  next()
})
const signIn = passport.authenticate('oauth2', { session: false })
application.get('/sign-in', signIn)
application.get('/callback', signIn, (request, response) => response.json(request.user))

const server = application.listen(0, '127.0.0.1', async () => {
  const path = STEP === 'begin' ? '/sign-in' : `/callback${new URL(CALLBACK).search}`
  const response = await fetch(`http://127.0.0.1:${server.address().port}${path}`, { redirect: 'manual' })
  if (response.status >= 400) throw new Error(await response.text())
  const begun = () => ({ url: response.headers.get('location'), state: JSON.stringify(session), verifier: '' })
  console.log(STEP === 'begin' ? JSON.stringify(begun()) : await response.text())
  server.close()
})
