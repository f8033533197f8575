// The end of a site: a plan in a dialog, the name typed, and then the steps on the site's own page.

import { useNavigate } from '@tanstack/react-router';
import { sentenceOf } from '@/api/problem';
import type { Tenant } from '@/api/types';
import { usePlanning } from '@/features/plans/usePlanning';
import { Button } from '@/ui/Button';
import { ShowPlan } from './ShowPlan';

export function DeleteSite({ site }: { site: Tenant }) {
  const navigate = useNavigate();
  const planning = usePlanning(() => void navigate({ to: '/sites/$site', params: { site: site.slug } }));
  const isChanging = site.state === 'provisioning' || site.state === 'removing';
  return (
    <>
      <p className="mb-4 text-sm">
        You see what would be removed first, and nothing happens until you type its name. There is no way back.
      </p>
      <Button
        kind="danger"
        disabled={isChanging}
        busy={planning.isProposing}
        onClick={() => planning.propose('DELETE_SITE', { tenant: site.slug })}
      >
        Delete this site
      </Button>
      {isChanging && (
        <p className="mt-3 text-sm text-soft">
          {site.state === 'removing'
            ? 'It is being deleted already.'
            : 'It is still being made. Wait until it is there.'}
        </p>
      )}
      {planning.proposalError && (
        <p role="alert" className="mt-3 text-sm text-bad">
          {sentenceOf(planning.proposalError)}
        </p>
      )}
      <ShowPlan planning={planning} />
    </>
  );
}
