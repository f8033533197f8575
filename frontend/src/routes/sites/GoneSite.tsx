// There is no such site, or no longer. If it was removed and its owner is looking, what removed it is shown.

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { removalQuery } from '@/api/sites';
import { OperationCard } from '@/features/operations/OperationCard';
import { buttonLook } from '@/ui/Button';
import { NotFound } from '../NotFound';
import { Page } from './Page';

export function GoneSite({ slug, name }: { slug: string; name: string | undefined }) {
  const { data: removal, isPending } = useQuery(removalQuery(slug));
  if (isPending) return <p className="sr-only">Looking for the site</p>;
  if (!removal) return <NotFound what={`There is no site “${slug}”, or it is not shared with you.`} />;
  return (
    <Page>
      <h1 className="mb-6 text-3xl font-semibold tracking-tight">{name ?? removal.tenant.name}</h1>
      <OperationCard id={removal.id} />
      <div className="mt-6 flex flex-wrap gap-2">
        <Link to="/sites" className={buttonLook('primary')}>
          All sites
        </Link>
        <Link to="/create" className={buttonLook('secondary')}>
          New site
        </Link>
      </div>
    </Page>
  );
}
