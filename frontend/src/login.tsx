// Sign-in starts here, in its own document. The token leaves the address bar before anything else happens.

import './ui/theme.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { LoginPage } from './features/login/LoginPage';

function takeToken(): string | null {
  const token = new URLSearchParams(window.location.hash.slice(1)).get('token');
  if (window.location.hash) window.history.replaceState(null, '', window.location.pathname);
  return token;
}

const enter = () => window.location.replace('/');

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <LoginPage token={takeToken()} enter={enter} />
  </StrictMode>,
);
