// A shared conversation starts here, in its own document: its link needs no sign-in and nothing of the app.

import './ui/theme.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { SharedPage } from './features/shared/SharedPage';

const secret = window.location.pathname.replace(/^\/shared\//, '');

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <SharedPage secret={secret} />
  </StrictMode>,
);
