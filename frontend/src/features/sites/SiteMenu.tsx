// What else can be done with a site in a list.

import { useNavigate } from '@tanstack/react-router';
import type { Tenant } from '@/api/types';
import { announce } from '@/lib/announce';
import { Menu } from '@/ui/Menu';

export default function SiteMenu({ site }: { site: Tenant }) {
  const navigate = useNavigate();
  const params = { site: site.slug };
  const copy = async () => {
    await navigator.clipboard.writeText(site.url);
    announce('Copied the address');
  };
  return (
    <Menu
      label={`More about ${site.name}`}
      items={[
        { label: 'Overview', onSelect: () => void navigate({ to: '/sites/$site', params }) },
        { label: 'Ask about this site', onSelect: () => void navigate({ to: '/', search: { about: site.slug } }) },
        { label: 'Copy address', onSelect: () => void copy(), disabled: site.state !== 'live' },
        { label: 'Activity', onSelect: () => void navigate({ to: '/activity', search: { site: site.slug } }) },
        { label: 'Settings', onSelect: () => void navigate({ to: '/sites/$site/settings', params }) },
      ]}
    />
  );
}
