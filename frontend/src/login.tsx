// Sign-in starts here, in its own document. Tokens and codes leave the address bar before anything else happens.

import './ui/theme.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { isSignInLink } from './features/login/door';
import { type Arrival, LoginPage } from './features/login/LoginPage';
import { takeWayBack } from './lib/wayBack';

function takeArrival(): Arrival {
  const { href, hash, search, pathname } = window.location;
  const token = new URLSearchParams(hash.slice(1)).get('token');
  const link = isSignInLink(href) ? href : null;
  if (hash || search) window.history.replaceState(null, '', pathname);
  return { token, link };
}

const arrival = takeArrival();
const enter = () => window.location.replace(takeWayBack());

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <LoginPage arrival={arrival} enter={enter} />
  </StrictMode>,
);
