// `/admin`: the frame of the admin portal. The control plane refuses everybody else anyway; here they are told before anything is asked.

import { useQuery } from '@tanstack/react-query';
import { Link, Outlet } from '@tanstack/react-router';
import { Activity, Globe, KeyRound, ReceiptText, ScrollText, Users } from 'lucide-react';
import { meQuery } from '@/api/me';
import { useAdminEvents } from '@/api/useAdminEvents';
import { OnlyAdmins } from '@/features/admin/OnlyAdmins';
import { AdminLayout } from '@/ui/AdminLayout';
import { buttonLook } from '@/ui/Button';
import type { NavItem } from '@/ui/SidebarNav';

const PAGES: NavItem[] = [
  { to: '/admin', label: 'Overview', icon: Activity, exact: true },
  { to: '/admin/users', label: 'Users', icon: Users },
  { to: '/admin/tenants', label: 'Sites', icon: Globe },
  { to: '/admin/secrets', label: 'Secrets', icon: KeyRound },
  { to: '/admin/costs', label: 'Costs', icon: ReceiptText },
  { to: '/admin/audit', label: 'Audit', icon: ScrollText },
];

export function AdminRoute() {
  // Asked again at every visit: a role holds from the next request on.
  const { data } = useQuery({ ...meQuery, refetchOnMount: 'always' });
  if (!data) return null;
  if (data.principal.role !== 'admin') return <OnlyAdmins back={<BackToChat />} />;
  return <Portal />;
}

function Portal() {
  useAdminEvents();
  return (
    <AdminLayout label="Admin" items={PAGES}>
      <Outlet />
    </AdminLayout>
  );
}

function BackToChat() {
  return (
    <Link to="/" className={buttonLook('primary')}>
      Go to chat
    </Link>
  );
}
