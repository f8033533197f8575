// Which card shows which part of an answer. The features do not know each other; here they meet.

import { Link } from '@tanstack/react-router';
import type { CardPart, CardPlace } from '@/features/chat/cards';
import { LinesCard } from '@/features/chat/LinesCard';
import { OperationCard } from '@/features/operations/OperationCard';
import { PlanCard } from '@/features/plans/PlanCard';
import { AdminCard, SiteCard, SitesCard } from '@/features/sites/SiteCards';

const showOperation = (id: string) => <OperationCard id={id} />;

const allSites = (
  <Link to="/sites" className="shrink-0 rounded-sm text-sm text-accent underline-offset-4 hover:underline">
    Show all
  </Link>
);

export default function AnyCard({ part, place }: { part: CardPart; place: CardPlace }) {
  switch (part.type) {
    case 'data-operation':
      return showOperation(part.data.operation_id);
    case 'data-plan':
      return <PlanCard id={part.data.plan_id} {...place} showOperation={showOperation} />;
    case 'data-site':
      return <SiteCard tenant={part.data.tenant} />;
    case 'data-sites':
      return <SitesCard showAll={allSites} />;
    case 'data-admin':
      return <AdminCard tenant={part.data.tenant} />;
    case 'data-lines':
      return <LinesCard {...part.data} />;
    case 'data-words':
      return <p className="text-sm wrap-break-word text-soft">AIPress answered: {part.data.text}</p>;
    default:
      return null;
  }
}
