// Sign-in by Firebase: the buttons, the address of a link that was opened elsewhere, and the confirmation of an address.

import { useState } from 'react';
import type { FirebaseSettings } from '@/api/types';
import { Arriving } from './Arriving';
import { Confirmation } from './Confirmation';
import type { OpenDoor } from './door';
import { AskForAddress } from './LinkForm';
import { Providers } from './Providers';
import { useFirebase } from './useFirebase';

type ByFirebaseProps = { settings: FirebaseSettings; open: OpenDoor; link: string | null; enter: () => void };

export function ByFirebase({ settings, open, link, enter }: ByFirebaseProps) {
  const firebase = useFirebase({ settings, open, link, enter });
  const [isLinkDropped, dropLink] = useState(false);
  const { busy, trouble, unconfirmed } = firebase;
  if (unconfirmed) {
    const { sendConfirmation, goOn, startAgain } = firebase;
    return <Confirmation {...unconfirmed} send={sendConfirmation} goOn={goOn} back={startAgain} />;
  }
  if (busy === 'arriving') return <Arriving />;
  if (link && !trouble && !isLinkDropped) {
    return <AskForAddress onGiven={firebase.redeem} back={() => dropLink(true)} />;
  }
  const { signIn, sendLink } = firebase;
  return <Providers ways={settings.providers} busy={busy} trouble={trouble} signIn={signIn} sendLink={sendLink} />;
}
